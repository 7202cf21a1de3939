/** Saved guests: their files, and the way to and from them. */
@NullMarked
package launcher.engine.saving;

import org.jspecify.annotations.NullMarked;
