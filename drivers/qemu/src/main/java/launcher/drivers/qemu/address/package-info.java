/** Where each device is plugged in: buses and ports of the guest, and the controllers they need. */
@NullMarked
package launcher.drivers.qemu.address;

import org.jspecify.annotations.NullMarked;
