/** Memory: amounts, NUMA cells, backing. */
@NullMarked
package launcher.drivers.qemu.memory;

import org.jspecify.annotations.NullMarked;
