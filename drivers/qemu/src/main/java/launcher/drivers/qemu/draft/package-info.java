/** A definition on its way: completion, refusal and preparation as lists of small rules. */
@NullMarked
package launcher.drivers.qemu.draft;

import org.jspecify.annotations.NullMarked;
