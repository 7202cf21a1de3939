/** Serves the engine on a Unix socket. */
@NullMarked
package launcher.daemon;

import org.jspecify.annotations.NullMarked;
