/** QEMU guests: capabilities, plans, and the talk with a running one. */
@NullMarked
package launcher.engine.qemu;

import org.jspecify.annotations.NullMarked;
