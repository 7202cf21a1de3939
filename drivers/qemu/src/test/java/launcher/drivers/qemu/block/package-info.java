/** Tests of disks. */
@NullMarked
package launcher.drivers.qemu.block;

import org.jspecify.annotations.NullMarked;
