package launcher.drivers.qemu.hostdev;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.block.NetworkCompletion;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What a host device leaves unsaid. */
final class HostdevCompletion {
  private HostdevCompletion() {}

  static void complete(Draft draft) {
    for (XmlElement hostdev : draft.devices("hostdev")) {
      hostdev.setDefault("mode", "subsystem").setDefault("managed", "no");
      if (hostdev.is("type", "mdev") && hostdev.is("model", "vfio-ap")) {
        hostdev.child("address").ifPresent(XmlElement::detach); // a matrix is at no place
      }
      boolean vfio = hostdev.is("type", "mdev") && hostdev.is("model", "vfio-pci");
      if (vfio && draft.capabilities().has("vfio-pci", "display")) {
        hostdev.setDefault("display", "off");
      }
      hostdev
          .child("source")
          .filter(s -> s.is("protocol", "iscsi"))
          .ifPresent(source -> NetworkCompletion.complete(draft, source));
      if (hostdev.is("type", "usb")) {
        usbId(hostdev, "vendor");
        usbId(hostdev, "product");
        hostdev.at("source/address").ifPresent(HostdevCompletion::usbPlace);
      }
    }
  }

  // As in C: what begins with 0 is octal.
  private static void usbPlace(XmlElement address) {
    for (String part : List.of("bus", "device")) {
      String text = address.attribute(part, "");
      if (text.matches("0[0-7]+")) {
        address.set(part, Long.parseLong(text, 8));
      } else {
        Numbers.parse(text).ifPresent(n -> address.set(part, n));
      }
    }
  }

  private static void usbId(XmlElement hostdev, String part) {
    OptionalLong id = Numbers.parse(hostdev.value("source/" + part + "/@id", ""));
    if (id.isPresent()) {
      hostdev.at("source/" + part).ifPresent(e -> e.set("id", "0x%04x".formatted(id.getAsLong())));
    }
  }
}
