/** One guest's life, whatever runs it. */
@NullMarked
package launcher.engine.guest;

import org.jspecify.annotations.NullMarked;
