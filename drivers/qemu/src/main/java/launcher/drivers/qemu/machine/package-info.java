/** The machine: boot, clock, features, tuning. */
@NullMarked
package launcher.drivers.qemu.machine;

import org.jspecify.annotations.NullMarked;
