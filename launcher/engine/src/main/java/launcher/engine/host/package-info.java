/** What the host is. */
@NullMarked
package launcher.engine.host;

import org.jspecify.annotations.NullMarked;
