/** The control groups that hold a whole guest: what it uses, and what it may use. */
@NullMarked
package launcher.engine.group;

import org.jspecify.annotations.NullMarked;
