/** What the translation must know of the host, and where it comes from. */
@NullMarked
package launcher.drivers.qemu.host;

import org.jspecify.annotations.NullMarked;
