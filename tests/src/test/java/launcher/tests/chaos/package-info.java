/** Killing parts of launcher at random moments. */
@NullMarked
package launcher.tests.chaos;

import org.jspecify.annotations.NullMarked;
