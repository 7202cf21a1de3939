package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.List;
import launcher.schemas.XmlElement;

/**
 * The order in which devices get PCI addresses. It is part of what a definition means: the same XML
 * must give the same hardware as it always has (libvirt 11.3).
 */
final class PciOrder {
  private static final List<String> LAST =
      List.of(
          "memballoon",
          "rng",
          "watchdog",
          "video",
          "shmem",
          "input",
          "serial",
          "memory",
          "vsock",
          "crypto",
          "iommu",
          "panic",
          "pstore");

  private PciOrder() {}

  /** The PCI controllers first, then all other devices. */
  static List<XmlElement> of(XmlElement devices) {
    List<XmlElement> order = new ArrayList<>();
    Controllers controllers = new Controllers(devices);
    order.addAll(controllers.ofType("pci"));
    order.addAll(devices.children("filesystem"));
    devices.children("interface").stream()
        .filter(n -> !n.is("type", "hostdev"))
        .forEach(order::add);
    order.addAll(devices.children("sound"));
    controllers.all().stream().filter(c -> !c.is("type", "pci")).forEach(order::add);
    order.addAll(devices.children("disk"));
    // a host device that is described as an interface is a host device first
    devices.children("interface").stream().filter(n -> n.is("type", "hostdev")).forEach(order::add);
    order.addAll(devices.children("hostdev"));
    for (String kind : LAST) {
      order.addAll(devices.children(kind));
    }
    return order;
  }
}
