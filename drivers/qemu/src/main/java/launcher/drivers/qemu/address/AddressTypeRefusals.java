package launcher.drivers.qemu.address;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Addresses of a kind that the device at hand cannot have, and what only a PCI device has. */
final class AddressTypeRefusals {
  private static final Set<String> VIRTIO = Set.of("pci", "ccw", "virtio-mmio", "virtio-s390");
  private static final Set<String> VIRTIO_KINDS =
      Set.of("memballoon", "rng", "vsock", "crypto", "sound", "video");

  // a subchannel of the virtual subsystem: s390's I/O architecture
  private static final long LAST_SUBSYSTEM = 0xfe;
  private static final long LAST_SET = 3;
  private static final long LAST_CHANNEL = 0xffff;

  private AddressTypeRefusals() {}

  static void check(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    for (XmlElement device : draft.devices().children()) {
      Optional<XmlElement> address = device.child("address");
      String type = address.map(a -> a.attribute("type", "")).orElse("");
      if (address.isPresent()) {
        kind(draft, device, type);
        port(draft, device, address.get(), controllers);
        channel(draft, address.get());
      }
      onlyPci(draft, device, type);
    }
  }

  private static void kind(Draft draft, XmlElement device, String type) {
    boolean host = device.name().equals("hostdev");
    if (type.equals("ccw") && !draft.machine().s390()) {
      draft.refuse(
          device, "machine type '%s' has no CCW addresses".formatted(draft.machine().name()));
    } else if (device.at("address/zpci").isPresent() && !draft.machine().s390()) {
      draft.refuse(device, "a <zpci> identity is only for s390");
    } else if (type.equals("unassigned") && !host) {
      draft.refuse(device, "an address of type 'unassigned' is only for host devices");
    } else if (isVirtio(device) && !VIRTIO.contains(type)) {
      draft.refuse(
          device,
          "a virtio <%s> cannot have an address of type '%s'".formatted(device.name(), type));
    } else if (host && device.is("type", "pci") && !Set.of("pci", "unassigned").contains(type)) {
      draft.refuse(device, "a PCI host device needs an address of type 'pci' or 'unassigned'");
    } else if (host
        && device.is("type", "scsi_host")
        && !Set.of("pci", "ccw", "virtio-mmio").contains(type)) {
      draft.refuse(device, "a SCSI host adapter needs an address of type 'pci' or 'ccw'");
    } else if (isUsb(device) && !type.equals("usb")) {
      draft.refuse(device, "a USB device needs an address of type 'usb', not '%s'".formatted(type));
    } else if (isPci(device) && !type.equals("pci")) {
      draft.refuse(
          device,
          "a <%s> of this model needs an address of type 'pci', not '%s'"
              .formatted(device.name(), type));
    } else if (isPort(device) && !Set.of("virtio-serial", "ccw").contains(type)) {
      draft.refuse(
          device, "a virtio serial port cannot have an address of type '%s'".formatted(type));
    }
  }

  private static boolean isVirtio(XmlElement device) {
    return switch (device.name()) {
      case "controller" ->
          device.is("type", "virtio-serial")
              || (device.is("type", "scsi") && device.attribute("model", "").startsWith("virtio"));
      case "filesystem" -> true;
      case "input" -> device.is("bus", "virtio");
      case "video" -> device.value("model/@type", "").equals("virtio");
      default ->
          VIRTIO_KINDS.contains(device.name())
              && device.attribute("model", "").startsWith("virtio");
    };
  }

  private static boolean isUsb(XmlElement device) {
    return switch (device.name()) {
      case "hostdev" -> device.is("type", "usb");
      case "input" -> device.is("bus", "usb");
      case "hub", "redirdev" -> true;
      default -> false;
    };
  }

  private static boolean isPci(XmlElement device) {
    return switch (device.name()) {
      case "panic" -> device.is("model", "pvpanic");
      case "watchdog" -> device.is("model", "i6300esb");
      default -> false;
    };
  }

  private static boolean isPort(XmlElement device) {
    boolean port = device.name().equals("console") || device.name().equals("channel");
    return port && device.value("target/@type", "").equals("virtio");
  }

  /** A port is one of a controller, whatever sits there. */
  private static void port(
      Draft draft, XmlElement device, XmlElement address, Controllers controllers) {
    OptionalLong index = Numbers.parse(address.attribute("controller", "0"));
    if (address.is("type", "virtio-serial")
        && index.isPresent()
        && controllers.find("virtio-serial", (int) index.getAsLong()).isEmpty()) {
      draft.refuse(device, "virtio serial controller %d is missing".formatted(index.getAsLong()));
    }
  }

  private static void channel(Draft draft, XmlElement address) {
    if (!address.is("type", "ccw")) {
      return;
    }
    if (above(address, "cssid", LAST_SUBSYSTEM)
        || above(address, "ssid", LAST_SET)
        || above(address, "devno", LAST_CHANNEL)) {
      draft.refuse(
          address,
          "no virtio CCW address: cssid='%s' ssid='%s' devno='%s', which are at most 0xfe, 0x3 and 0xffff"
              .formatted(
                  address.attribute("cssid", ""),
                  address.attribute("ssid", ""),
                  address.attribute("devno", "")));
    }
  }

  private static boolean above(XmlElement address, String part, long limit) {
    return Numbers.parse(address.attribute(part, "")).orElse(0) > limit;
  }

  private static void onlyPci(Draft draft, XmlElement device, String type) {
    device
        .child("acpi")
        .filter(a -> a.is("index", "0"))
        .ifPresent(a -> draft.refuse(a, "an ACPI index is at least 1"));
    if (type.equals("pci") || type.equals("unassigned")) {
      return;
    }
    if (device.hasChild("rom")) {
      draft.refuse(device, "a <rom> is only for PCI devices");
    }
    if (device.hasChild("acpi") && !type.isEmpty()) {
      draft.refuse(device, "an ACPI index is only for PCI devices");
    }
  }
}
