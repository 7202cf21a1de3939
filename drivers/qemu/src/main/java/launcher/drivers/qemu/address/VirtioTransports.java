package launcher.drivers.qemu.address;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** How virtio devices are reached where it is not by PCI: s390's channels, or memory-mapped. */
final class VirtioTransports {
  /** The channel subsystem of all virtual devices. */
  private static final String VIRTUAL_SUBSYSTEM = "0xfe";

  /** The order in which channel numbers are given out (libvirt 11.3). */
  private static final List<String> ORDER =
      List.of(
          "disk",
          "interface",
          "sound",
          "hostdev",
          "video",
          "controller",
          "input",
          "filesystem",
          "memballoon",
          "watchdog",
          "rng",
          "memory",
          "iommu",
          "vsock",
          "crypto");

  private VirtioTransports() {}

  /** Completes a draft. */
  static void complete(Draft draft) {
    if (draft.machine().s390Ccw()) {
      choose(draft, "ccw");
      assignChannels(draft);
    } else if (usesMemoryMapped(draft)) {
      choose(draft, "virtio-mmio");
    }
  }

  // Boards without PCI have nothing else; on 'virt' one such device says that all should be.
  private static boolean usesMemoryMapped(Draft draft) {
    boolean vexpress = draft.machine().arm() && draft.machine().name().startsWith("vexpress-");
    boolean virt = draft.machine().armVirt() || draft.machine().riscvVirt();
    boolean chosen =
        draft.devices().children().stream()
            .anyMatch(d -> d.value("address/@type", "").equals("virtio-mmio"));
    return vexpress || (virt && chosen);
  }

  private static void choose(Draft draft, String type) {
    for (XmlElement device : draft.devices().children()) {
      if (!device.hasChild("address") && isVirtio(device, type.equals("ccw"))) {
        device.add("address").set("type", type);
      }
    }
  }

  private static boolean isVirtio(XmlElement device, boolean ccw) {
    String model = device.attribute("model", "");
    return switch (device.name()) {
      case "disk" -> device.value("target/@bus", "").equals("virtio");
      case "interface" -> device.value("model/@type", "").equals("virtio");
      case "input" -> device.is("bus", "virtio");
      case "controller" ->
          device.is("type", "virtio-serial")
              || (device.is("type", "scsi") && model.equals("virtio-scsi"));
      case "hostdev" ->
          ccw
              && (device.is("type", "scsi_host")
                  || (device.is("type", "mdev") && model.equals("vfio-ccw")));
      case "video" -> device.value("model/@type", "").equals("virtio");
      case "memory" -> ccw && model.startsWith("virtio");
      case "memballoon", "rng", "crypto", "sound" -> model.equals("virtio");
      // by PCI even where the others are memory-mapped (libvirt 11.3)
      case "filesystem" -> ccw;
      case "vsock" -> ccw && model.equals("virtio");
      default -> false;
    };
  }

  /** All devices in the order in which numbers are given out. */
  static List<XmlElement> inOrder(XmlElement devices) {
    return ORDER.stream().flatMap(kind -> devices.children(kind).stream()).toList();
  }

  private static void assignChannels(Draft draft) {
    Set<String> taken = new HashSet<>();
    for (XmlElement device : draft.devices().children()) {
      device
          .child("address")
          .filter(a -> a.is("type", "ccw"))
          .ifPresent(a -> take(draft, a, taken));
    }
    int next = 0;
    for (XmlElement device : inOrder(draft.devices())) {
      XmlElement address = device.child("address").orElse(device);
      if (address.is("type", "ccw") && !address.has("devno")) {
        while (taken.contains(key(VIRTUAL_SUBSYSTEM, "0x0", "0x%04x".formatted(next)))) {
          next++;
        }
        write(address, VIRTUAL_SUBSYSTEM, "0x0", "0x%04x".formatted(next++));
      }
    }
  }

  private static void take(Draft draft, XmlElement address, Set<String> taken) {
    if (!address.has("devno")) {
      return;
    }
    String cssid = "0x%x".formatted(number(address, "cssid"));
    String ssid = "0x%x".formatted(number(address, "ssid"));
    String devno = "0x%04x".formatted(number(address, "devno"));
    write(address, cssid, ssid, devno);
    if (!taken.add(key(cssid, ssid, devno))) {
      draft.refuse(
          address, "the CCW devno '%s' is used by two devices".formatted(key(cssid, ssid, devno)));
    }
  }

  private static long number(XmlElement address, String part) {
    return Numbers.parse(address.attribute(part, "")).orElse(0);
  }

  private static String key(String cssid, String ssid, String devno) {
    return cssid.substring(2) + "." + ssid.substring(2) + "." + devno.substring(2);
  }

  private static void write(XmlElement address, String cssid, String ssid, String devno) {
    address.set("cssid", cssid).set("ssid", ssid).set("devno", devno);
  }
}
