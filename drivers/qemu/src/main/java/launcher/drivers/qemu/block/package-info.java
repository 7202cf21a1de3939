/** Disks: images and their layers as QEMU's graph of block nodes, and the drives on top. */
@NullMarked
package launcher.drivers.qemu.block;

import org.jspecify.annotations.NullMarked;
