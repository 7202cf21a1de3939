/** Translating files. */
@NullMarked
package launcher.drivers.qemu.tool;

import org.jspecify.annotations.NullMarked;
