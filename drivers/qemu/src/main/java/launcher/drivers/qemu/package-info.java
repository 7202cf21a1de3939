/** QEMU: domain model to plan, and the monitor protocol. */
@NullMarked
package launcher.drivers.qemu;

import org.jspecify.annotations.NullMarked;
