/** The machine: type, firmware, boot, switches. */
@NullMarked
package launcher.drivers.qemu.machine;

import org.jspecify.annotations.NullMarked;
