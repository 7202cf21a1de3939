/**
 * Changes of guests that are there: in their definition, which keeps its text, and in their run.
 */
@NullMarked
package launcher.engine.change;

import org.jspecify.annotations.NullMarked;
