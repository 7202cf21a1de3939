package launcher.drivers.qemu.hostdev;

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
      boolean vfio = hostdev.is("type", "mdev") && hostdev.is("model", "vfio-pci");
      if (vfio && draft.capabilities().has("vfio-pci", "display")) {
        hostdev.setDefault("display", "off");
      }
      hostdev
          .child("source")
          .filter(s -> s.is("protocol", "iscsi"))
          .ifPresent(NetworkCompletion::complete);
      if (hostdev.is("type", "usb")) {
        usbId(hostdev, "vendor");
        usbId(hostdev, "product");
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
