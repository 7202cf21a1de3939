/** The agent inside a guest (QEMU's qemu-ga). */
@NullMarked
package launcher.engine.agent;

import org.jspecify.annotations.NullMarked;
