/** The launcher command. */
@NullMarked
package launcher.cli;

import org.jspecify.annotations.NullMarked;
