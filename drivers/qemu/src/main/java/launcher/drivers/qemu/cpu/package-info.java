/** CPU model, features, topology. */
@NullMarked
package launcher.drivers.qemu.cpu;

import org.jspecify.annotations.NullMarked;
