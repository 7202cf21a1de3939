package launcher.schemas.domain;

import java.util.Optional;
import java.util.OptionalInt;

/** A device of the host. */
public sealed interface HostdevBackend {
  /** A PCI function. */
  record Pci(Address.Pci address) implements HostdevBackend {}

  /**
   * A USB device, by where it is or by what it is.
   *
   * @param vendor USB vendor id
   * @param product USB product id
   * @param bus number of the host's bus
   * @param device number on the bus
   * @param guestReset when the guest's resets reach the device: {@code on}, {@code off} …
   */
  record Usb(
      OptionalInt vendor,
      OptionalInt product,
      OptionalInt bus,
      OptionalInt device,
      Optional<String> guestReset)
      implements HostdevBackend {}

  /**
   * A SCSI device of an adapter.
   *
   * @param adapter {@code scsi_host0} …
   */
  record Scsi(String adapter, int bus, int target, long unit) implements HostdevBackend {}

  /** A SCSI device of an iSCSI server. */
  record Iscsi(Image image) implements HostdevBackend {}

  /**
   * A SCSI target of the kernel.
   *
   * @param wwpn its world wide name
   */
  record VhostScsi(String wwpn) implements HostdevBackend {}

  /**
   * A mediated device.
   *
   * @param model {@code vfio-pci}, {@code vfio-ccw} or {@code vfio-ap}
   */
  record Mediated(String model, String uuid) implements HostdevBackend {}

  /** A kind this program does not know. */
  record Other(String type) implements HostdevBackend {}
}
