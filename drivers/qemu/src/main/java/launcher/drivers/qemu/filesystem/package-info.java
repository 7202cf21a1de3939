/** Folders of the host shown to the guest: 9p by QEMU itself, virtiofs by a daemon. */
@NullMarked
package launcher.drivers.qemu.filesystem;

import org.jspecify.annotations.NullMarked;
