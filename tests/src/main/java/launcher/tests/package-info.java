/** Architecture rules and end-to-end tests. */
@NullMarked
package launcher.tests;

import org.jspecify.annotations.NullMarked;
