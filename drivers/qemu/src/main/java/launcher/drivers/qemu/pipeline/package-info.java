/** What belongs to a translation, in its order: rules over a definition, sections of a command. */
@NullMarked
package launcher.drivers.qemu.pipeline;

import org.jspecify.annotations.NullMarked;
