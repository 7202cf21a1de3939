/** Devices of the host given to the guest: PCI, USB, SCSI, mediated. */
@NullMarked
package launcher.drivers.qemu.hostdev;

import org.jspecify.annotations.NullMarked;
