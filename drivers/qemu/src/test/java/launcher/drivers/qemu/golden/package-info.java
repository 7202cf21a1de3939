/** Translations beside what they must be. */
@NullMarked
package launcher.drivers.qemu.golden;

import org.jspecify.annotations.NullMarked;
