package launcher.drivers.qemu.address;

import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * Which sort of PCI slot each device wants, if it is a PCI device at all.
 *
 * <p>A machine with a pcie-root gives Express slots to whatever can use them; on the others
 * everything is conventional.
 */
final class PciNeeds {
  private final PciNeed express;
  private final PciNeed virtio;

  /**
   * For one guest.
   *
   * @param pcie whether the root bus is PCI Express
   */
  PciNeeds(boolean pcie) {
    express = pcie ? PciNeed.PCIE : PciNeed.PCI;
    virtio = express;
  }

  /** What a device wants; none when it is no PCI device. */
  Optional<PciNeed> of(XmlElement device) {
    return switch (device.name()) {
      case "controller" -> controller(device);
      case "filesystem" -> Optional.of(virtio(device));
      case "interface" -> nic(device);
      case "sound" -> sound(device.attribute("model", ""));
      case "disk" -> onVirtioBus(device, device.value("target/@bus", ""));
      case "input" -> onVirtioBus(device, device.attribute("bus", ""));
      case "hostdev" -> hostdev(device);
      // conventional by libvirt's choice (11.3), unlike other virtio devices
      case "crypto" -> Optional.of(PciNeed.PCI);
      case "memballoon", "rng", "vsock" ->
          device.attribute("model", "").startsWith("virtio")
              ? Optional.of(virtio(device))
              : Optional.empty();
      case "watchdog" ->
          device.is("model", "i6300esb") ? Optional.of(PciNeed.PCI) : Optional.empty();
      case "video" -> video(device.value("model/@type", ""));
      case "shmem" ->
          device.value("model/@type", "").equals("ivshmem")
              ? Optional.empty()
              : Optional.of(PciNeed.PCI);
      case "serial" ->
          device.value("target/@type", "").equals("pci-serial")
              ? Optional.of(PciNeed.PCI)
              : Optional.empty();
      case "memory" ->
          device.attribute("model", "").startsWith("virtio")
              ? Optional.of(virtio)
              : Optional.empty();
      case "panic" ->
          device.is("model", "pvpanic") ? Optional.of(express.integrated()) : Optional.empty();
      case "pstore" ->
          device.is("backend", "acpi-erst") ? Optional.of(PciNeed.PCI) : Optional.empty();
      case "iommu" -> iommu(device.attribute("model", ""));
      default -> Optional.empty();
    };
  }

  // Transitional devices speak the old protocol, which needs I/O ports: not for Express slots.
  private PciNeed virtio(XmlElement device) {
    String model =
        device.name().equals("interface")
            ? device.value("model/@type", "")
            : device.attribute("model", "");
    return model.equals("virtio-transitional") ? PciNeed.PCI : virtio;
  }

  private Optional<PciNeed> onVirtioBus(XmlElement device, String bus) {
    return bus.equals("virtio") ? Optional.of(virtio(device)) : Optional.empty();
  }

  private Optional<PciNeed> controller(XmlElement controller) {
    String model = controller.attribute("model", "");
    return switch (controller.attribute("type", "")) {
      case "pci" -> PciModel.of(model).flatMap(PciModel::need);
      case "usb" ->
          switch (model) {
            case "none", "qusb1", "qusb2" -> Optional.empty();
            case "nec-xhci", "qemu-xhci" -> Optional.of(express);
            default -> Optional.of(PciNeed.PCI);
          };
      case "scsi" ->
          switch (model) {
            case "virtio-scsi", "virtio-non-transitional", "virtio-transitional" ->
                Optional.of(virtio(controller));
            case "ibmvscsi", "ncr53c90", "" -> Optional.empty();
            default -> Optional.of(PciNeed.PCI);
          };
      case "virtio-serial" -> Optional.of(virtio(controller));
      case "sata", "ide" -> Optional.of(PciNeed.PCI);
      case "nvme" -> Optional.of(express);
      default -> Optional.empty();
    };
  }

  private Optional<PciNeed> nic(XmlElement nic) {
    if (nic.is("type", "hostdev")) {
      return Optional.of(express);
    }
    return switch (nic.value("model/@type", "")) {
      case "usb-net", "spapr-vlan", "lan9118", "smc91c111" -> Optional.empty();
      case "virtio", "virtio-non-transitional" -> Optional.of(virtio);
      case "rtl8139",
          "e1000",
          "virtio-transitional",
          "netfront",
          "vlance",
          "vmxnet",
          "vmxnet2",
          "vmxnet3",
          "Am79C970A" ->
          Optional.of(PciNeed.PCI);
      // of a card that only QEMU knows nothing is known: modern ones are Express
      default -> Optional.of(express);
    };
  }

  private Optional<PciNeed> sound(String model) {
    return switch (model) {
      case "virtio" -> Optional.of(virtio);
      case "sb16", "pcspk", "usb" -> Optional.empty();
      default -> Optional.of(PciNeed.PCI);
    };
  }

  // A mediated device is always Express, and of a real one nothing is known before the guest
  // starts: modern ones are.
  private Optional<PciNeed> hostdev(XmlElement hostdev) {
    return switch (hostdev.attribute("type", "")) {
      case "pci" -> Optional.of(express);
      case "mdev" ->
          hostdev.attribute("model", "").equals("vfio-pci")
              ? Optional.of(express)
              : Optional.empty();
      case "scsi_host" -> Optional.of(virtio(hostdev));
      default -> Optional.empty();
    };
  }

  private Optional<PciNeed> video(String type) {
    return switch (type) {
      case "none", "ramfb", "" -> Optional.empty();
      case "virtio" -> Optional.of(virtio);
      case "bochs" -> Optional.of(express);
      default -> Optional.of(PciNeed.PCI);
    };
  }

  private Optional<PciNeed> iommu(String model) {
    return switch (model) {
      case "virtio" -> Optional.of(virtio.integrated());
      case "amd" -> Optional.of(express.integrated());
      default -> Optional.empty();
    };
  }
}
