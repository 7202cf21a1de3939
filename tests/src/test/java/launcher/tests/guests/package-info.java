/**
 * Guests made for tests from the distribution's packages, without installing anything on the host.
 */
@NullMarked
package launcher.tests.guests;

import org.jspecify.annotations.NullMarked;
