/** What a QEMU binary can do, learnt by asking it. */
@NullMarked
package launcher.drivers.qemu.capabilities;

import org.jspecify.annotations.NullMarked;
