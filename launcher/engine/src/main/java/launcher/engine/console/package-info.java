/** Consoles: one terminal of a guest, any number of people. */
@NullMarked
package launcher.engine.console;

import org.jspecify.annotations.NullMarked;
