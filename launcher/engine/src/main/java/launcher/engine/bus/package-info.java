/** The one door to D-Bus. */
@NullMarked
package launcher.engine.bus;

import org.jspecify.annotations.NullMarked;
