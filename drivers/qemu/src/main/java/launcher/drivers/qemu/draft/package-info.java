/** A definition on its way through the rules of completion, refusal and preparation. */
@NullMarked
package launcher.drivers.qemu.draft;

import org.jspecify.annotations.NullMarked;
