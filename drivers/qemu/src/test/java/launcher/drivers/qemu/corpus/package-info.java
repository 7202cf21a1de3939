/** The acceptance corpus as a test. */
@NullMarked
package launcher.drivers.qemu.corpus;

import org.jspecify.annotations.NullMarked;
