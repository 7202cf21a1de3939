/**
 * What keeps a guest from others and from the host: owner, labels, Landlock, and the memory of what
 * was before.
 */
@NullMarked
package launcher.engine.isolation;

import org.jspecify.annotations.NullMarked;
