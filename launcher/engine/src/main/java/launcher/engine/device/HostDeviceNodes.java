package launcher.engine.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.hostdev.PciSources;
import launcher.schemas.XmlElement;

/**
 * The device files through which QEMU uses the host's devices. That of a PCI device is made when it
 * is bound to its driver for guests, so it may not be there yet.
 */
public final class HostDeviceNodes {
  private static final Path VFIO = Path.of("/dev/vfio");

  private final Sysfs sysfs;

  /** Of this host. */
  public HostDeviceNodes() {
    this(Sysfs.HOST);
  }

  HostDeviceNodes(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /** Those of a guest's devices: one file each, which no other guest may use. */
  public List<Path> of(List<XmlElement> devices) {
    List<Path> nodes = new ArrayList<>();
    for (XmlElement device : devices) {
      PciSources.address(device)
          .flatMap(address -> new PciDevice(sysfs, address).group())
          .ifPresent(group -> nodes.add(VFIO.resolve(group)));
      if (device.name().equals("hostdev")) {
        hostdev(device).ifPresent(nodes::add);
      }
    }
    return nodes.stream().distinct().toList();
  }

  /** Device files, and behind those of VFIO the one that all its users share. */
  public static List<Path> withShared(List<Path> nodes) {
    List<Path> all = new ArrayList<>(nodes);
    if (nodes.stream().anyMatch(node -> node.startsWith(VFIO))) {
      all.add(VFIO.resolve("vfio"));
    }
    return List.copyOf(all);
  }

  private Optional<Path> hostdev(XmlElement hostdev) {
    return switch (hostdev.attribute("type", "")) {
      case "usb" -> UsbDevices.node(hostdev);
      case "scsi" -> new ScsiDevices(sysfs).node(hostdev);
      case "mdev" ->
          sysfs
              .target(
                  sysfs
                      .path("bus", "mdev", "devices", hostdev.value("source/address/@uuid", "none"))
                      .resolve("iommu_group"))
              .map(VFIO::resolve);
      default -> Optional.empty();
    };
  }
}
