package launcher.drivers.qemu.hostdev;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Which PCI device of the host a guest's device is. */
public final class PciSources {
  private PciSources() {}

  /** Its address, as in {@code 0000:01:00.0}; empty for a device that is none of the host's. */
  public static Optional<String> address(XmlElement device) {
    return isPci(device)
        ? device
            .at("source/address")
            .map(place ->
                "%04x:%02x:%02x.%x"
                    .formatted(
                        part(place, "domain"),
                        part(place, "bus"),
                        part(place, "slot"),
                        part(place, "function")))
        : Optional.empty();
  }

  /** Whether launcher takes it from the host's driver and gives it back. */
  static boolean managed(XmlElement device) {
    XmlElement says = device.name().equals("disk") ? device.child("source").orElse(device) : device;
    return says.is("managed", "yes");
  }

  private static boolean isPci(XmlElement device) {
    return switch (device.name()) {
      case "hostdev" -> device.is("type", "pci");
      case "interface" -> device.is("type", "hostdev");
      case "disk" -> device.is("type", "nvme");
      default -> false;
    };
  }

  private static long part(XmlElement address, String name) {
    OptionalLong number = Numbers.parse(address.attribute(name, "0"));
    return number.orElse(0);
  }
}
