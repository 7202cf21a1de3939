/** The translation as a tool on files: {@code launcher domxml-to-native}. */
@NullMarked
package launcher.drivers.qemu.tool;

import org.jspecify.annotations.NullMarked;
