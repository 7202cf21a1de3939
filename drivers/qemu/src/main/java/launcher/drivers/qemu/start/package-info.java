/** From QEMU's command to the plan of a start. */
@NullMarked
package launcher.drivers.qemu.start;

import org.jspecify.annotations.NullMarked;
