/** Tests of addresses. */
@NullMarked
package launcher.drivers.qemu.address;

import org.jspecify.annotations.NullMarked;
