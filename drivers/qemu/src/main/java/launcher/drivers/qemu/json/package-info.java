/** JSON: reading of QMP and host files. */
@NullMarked
package launcher.drivers.qemu.json;

import org.jspecify.annotations.NullMarked;
