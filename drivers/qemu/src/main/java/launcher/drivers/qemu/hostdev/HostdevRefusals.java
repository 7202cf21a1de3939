package launcher.drivers.qemu.hostdev;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Host devices that cannot be: twice the same, in the wrong place, with what they do not have. */
final class HostdevRefusals {
  private static final Set<String> BOOTLESS = Set.of("vfio-ap", "vfio-pci");

  private HostdevRefusals() {}

  static void check(Draft draft) {
    Set<String> seen = new HashSet<>();
    Set<String> places = new HashSet<>();
    long framebuffers = 0;
    long matrices = 0;
    draft.devices("interface").stream()
        .filter(n -> n.is("type", "hostdev"))
        .filter(n -> !seen.add(place(n)))
        .forEach(n -> draft.refuse(n, "the same host device is given twice"));
    for (XmlElement hostdev : draft.devices("hostdev")) {
      if (!seen.add(hostdev.is("type", "pci") ? place(hostdev) : identity(hostdev))) {
        draft.refuse(hostdev, "the same host device is given twice");
      }
      scsiPlace(draft, hostdev, places);
      source(draft, hostdev);
      if (hostdev.is("type", "mdev")) {
        mediated(draft, hostdev);
      }
      if (hostdev.is("type", "mdev") && hostdev.is("model", "vfio-ap") && ++matrices > 1) {
        draft.refuse(hostdev, "only one host device of model 'vfio-ap' is possible");
      }
      if (hostdev.is("ramfb", "on") && ++framebuffers > 1) {
        draft.refuse(hostdev, "only one host device can have ramfb='on'");
      }
    }
  }

  private static void source(Draft draft, XmlElement hostdev) {
    String protocol = hostdev.value("source/@protocol", "");
    if (hostdev.is("mode", "capabilities")) {
      draft.refuse(hostdev, "hostdev mode 'capabilities' is not supported by QEMU");
      return;
    }
    for (String part : List.of("vendor", "product")) {
      String id = hostdev.value("source/" + part + "/@id", "1");
      if (Numbers.parse(id).orElse(1) == 0) {
        draft.refuse(hostdev, "%s id must not be zero".formatted(part));
      }
    }
    boolean vendor = hostdev.at("source/vendor").isPresent();
    if (hostdev.is("type", "usb") && vendor != hostdev.at("source/product").isPresent()) {
      draft.refuse(hostdev, "a USB device is known by vendor and product, not by one of them");
    }
    if (hostdev.value("source/@writeFiltering").isPresent()) {
      draft.refuse(
          hostdev, "write filtering of PCI device configuration space is not supported by QEMU");
    }
    String driver = hostdev.value("driver/@name", "vfio");
    if (hostdev.is("type", "pci") && !driver.equals("vfio")) {
      draft.refuse(hostdev, "QEMU does not support device assignment mode '%s'".formatted(driver));
    }
    if (hostdev.is("sgio", "unfiltered")) {
      draft.refuse(hostdev, "unfiltered sgio is no longer supported");
    }
    String port = hostdev.value("source/@wwpn", "naa.0123456789abcdef");
    if (!port.matches("naa\\.[0-9a-fA-F]{16}")) {
      draft.refuse(hostdev, "malformed 'wwpn' value '%s'".formatted(port));
    }
    if (!hostdev.hasChild("source")) {
      draft.refuse(hostdev, "missing <source> element in hostdev device");
    } else if (hostdev.is("type", "usb") && !names(hostdev)) {
      draft.refuse(
          hostdev,
          "the <source> of a USB device names neither its <vendor> and <product> nor its"
              + " <address> on the host");
    } else if (hostdev.is("type", "mdev") && hostdev.at("source/address").isEmpty()) {
      draft.refuse(hostdev, "missing <address> element in the <source> of a mediated device");
    } else if (hostdev.has("model") && hostdev.is("type", "pci")) {
      draft.refuse(hostdev, "'model' attribute in <hostdev> is only supported when type='mdev'");
    } else if (hostdev.is("type", "mdev") && !hostdev.has("model")) {
      draft.refuse(hostdev, "missing attribute 'model' of a mediated device");
    } else if (BOOTLESS.contains(hostdev.attribute("model", "")) && hostdev.hasChild("boot")) {
      draft.refuse(
          hostdev,
          "booting from assigned devices is not supported by mediated devices of model "
              + hostdev.attribute("model", ""));
    } else if (hostdev.is("type", "scsi")
        && protocol.isEmpty()
        && hostdev.value("source/adapter/@name", "").isEmpty()) {
      draft.refuse(hostdev, "'adapter' name must be specified for scsi hostdev source");
    } else if (hostdev.is("type", "scsi")
        && protocol.isEmpty()
        && !hostdev.value("source/adapter/@name", "").matches("scsi_host[0-9]+")) {
      draft.refuse(
          hostdev,
          "'%s' is no SCSI adapter: expected scsi_host and a number"
              .formatted(hostdev.value("source/adapter/@name", "")));
    } else if (hostdev.is("type", "scsi")
        && protocol.isEmpty()
        && hostdev.at("source/address").isEmpty()) {
      draft.refuse(hostdev, "'address' must be specified for scsi hostdev source");
    } else if (hostdev.is("type", "scsi") && protocol.equals("vhost")) {
      draft.refuse(hostdev, "unknown SCSI subsystem protocol 'vhost'");
    } else if (hostdev.is("type", "scsi_host") && protocol.isEmpty()) {
      draft.refuse(hostdev, "missing scsi_host subsystem protocol");
    } else if (hostdev.is("type", "scsi_host") && !protocol.equals("vhost")) {
      draft.refuse(hostdev, "unknown scsi_host subsystem protocol '%s'".formatted(protocol));
    }
  }

  /** Whether it says which device of USB it is. */
  private static boolean names(XmlElement hostdev) {
    return hostdev.at("source/vendor").isPresent() || hostdev.at("source/address").isPresent();
  }

  private static String place(XmlElement device) {
    StringBuilder text = new StringBuilder("pci");
    for (String part : List.of("domain", "bus", "slot", "function")) {
      String number = device.value("source/address/@" + part, "0");
      text.append('/').append(Numbers.parse(number).orElse(0));
    }
    return text.toString();
  }

  private static String identity(XmlElement hostdev) {
    StringBuilder text = new StringBuilder(hostdev.attribute("type", ""));
    hostdev.child("source").ifPresent(source -> describe(text, source));
    return text.toString();
  }

  private static void describe(StringBuilder text, XmlElement element) {
    if (element.name().equals("auth") || element.name().equals("initiator")) {
      return;
    }
    TreeMap<String, String> attributes = new TreeMap<>();
    for (XmlAttribute attribute : element.attributes()) {
      attributes.put(attribute.name(), attribute.value());
    }
    text.append('/').append(element.name()).append(attributes);
    element.children().forEach(child -> describe(text, child));
  }

  private static void scsiPlace(Draft draft, XmlElement hostdev, Set<String> places) {
    if (!hostdev.is("type", "scsi")) {
      return;
    }
    List<String> parts =
        List.of("controller", "bus", "target", "unit").stream()
            .map(p -> p + "='" + hostdev.value("address/@" + p, "0") + "'")
            .toList();
    String place = String.join(" ", parts);
    if (!hostdev.value("address/@bus", "0").equals("0")) {
      draft.refuse(hostdev, "a SCSI controller supports only 1 bus");
    }
    boolean narrow =
        draft.devices("controller").stream()
            .filter(c -> c.is("type", "scsi") && c.is("model", "lsilogic"))
            .anyMatch(c -> c.is("index", hostdev.value("address/@controller", "0")));
    if (narrow && !hostdev.value("address/@target", "0").equals("0")) {
      draft.refuse(hostdev, "target must be 0 for controller model 'lsilogic'");
    }
    if (!places.add(place)) {
      draft.refuse(hostdev, "SCSI address %s is used by two host devices".formatted(place));
    }
    if (!hostdev.value("address/@type", "drive").equals("drive")) {
      draft.refuse(hostdev, "a SCSI host device needs an address of type 'drive'");
    }
  }

  private static void mediated(Draft draft, XmlElement hostdev) {
    String model = hostdev.attribute("model", "");
    String type = hostdev.value("address/@type", "");
    Set<String> fits =
        switch (model) {
          case "vfio-pci" -> Set.of("pci", "unassigned", "");
          case "vfio-ccw" -> Set.of("ccw", "");
          default -> Set.of(type); // it has no place, so whatever is written does no harm
        };
    if (!fits.contains(type)) {
      draft.refuse(
          hostdev,
          "a mediated device of model '%s' cannot have an address of type '%s'"
              .formatted(model, type));
    }
    boolean picture = hostdev.is("display", "on");
    if (picture && !model.equals("vfio-pci")) {
      draft.refuse(hostdev, "only model='vfio-pci' has a display");
    }
    if (picture && draft.devices("graphics").isEmpty()) {
      draft.refuse(hostdev, "display='on' needs a <graphics> to show it");
    }
    if (hostdev.is("ramfb", "on") && !picture) {
      draft.refuse(hostdev, "ramfb='on' needs display='on'");
    }
  }
}
