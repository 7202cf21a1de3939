/** Firmware: chosen by descriptors, loaded as flash or ROM. */
@NullMarked
package launcher.drivers.qemu.firmware;

import org.jspecify.annotations.NullMarked;
