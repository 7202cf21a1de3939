/** Rules that no single module can check, and end-to-end tests on the installed tree. */
@NullMarked
package launcher.tests;

import org.jspecify.annotations.NullMarked;
