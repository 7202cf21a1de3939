/** Carries plans out, remembers them, and takes them back. */
@NullMarked
package launcher.engine.run;

import org.jspecify.annotations.NullMarked;
