package launcher.drivers.qemu.address;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Controllers and addresses that cannot be, whatever sits there. */
final class AddressRefusals {
  private AddressRefusals() {}

  static void check(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    duplicates(draft, controllers);
    usb(draft, controllers);
    for (XmlElement device : draft.devices().children()) {
      device.child("address").ifPresent(address -> ranges(draft, address));
      device.at("source/address").ifPresent(address -> ranges(draft, address));
    }
    UsbPorts.check(draft);
    aliases(draft);
    roms(draft);
  }

  private static void roms(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      device
          .child("rom")
          .filter(r -> r.is("enabled", "no") && (r.has("bar") || r.has("file")))
          .ifPresent(r -> draft.refuse(r, "ROM tuning is not supported when ROM is disabled"));
    }
  }

  private static void aliases(Draft draft) {
    Set<String> seen = new HashSet<>();
    for (XmlElement device : draft.devices().children()) {
      String alias = device.value("alias/@name", "");
      boolean twin = device.name().equals("console"); // it may be another view of a serial port
      if (!alias.isEmpty() && !twin && !seen.add(alias)) {
        draft.refuse(device, "non unique alias detected: %s".formatted(alias));
      }
    }
  }

  /** Refuses PCI controllers that the machine cannot have, before places are looked for. */
  static void checkModels(Draft draft) {
    roots(draft, new Controllers(draft.devices()));
  }

  private static void duplicates(Draft draft, Controllers controllers) {
    Set<String> seen = new HashSet<>();
    for (XmlElement controller : controllers.all()) {
      String type = controller.attribute("type", "");
      String model = type.equals("usb") ? usbPart(controller) : "";
      if (!seen.add(type + " " + controller.attribute("index", "") + " " + model)) {
        draft.refuse(
            controller,
            "there are several '%s' controllers with index '%s'"
                .formatted(type, controller.attribute("index", "")));
      }
    }
  }

  // the functions of a USB 2 controller share an index
  private static String usbPart(XmlElement controller) {
    String model = controller.attribute("model", "");
    return UsbModel.isCompanion(model) ? model : "master";
  }

  private static void roots(Draft draft, Controllers controllers) {
    for (XmlElement controller : controllers.ofType("pci")) {
      String model = controller.attribute("model", "");
      boolean root = model.equals("pcie-root") || model.equals("pci-root");
      boolean several = model.equals("pci-root") && draft.machine().pseries();
      if (root && !several && !controller.is("index", "0")) {
        draft.refuse(controller, "a %s controller must have index 0".formatted(model));
      }
      boolean pcie = draft.machine().pcieRoot();
      if ((model.equals("pcie-expander-bus") && !pcie)
          || (model.equals("pci-expander-bus") && !draft.machine().i440fx())) {
        draft.refuse(
            controller, "machine type '%s' has no %s".formatted(draft.machine().name(), model));
      }
    }
  }

  private static void usb(Draft draft, Controllers controllers) {
    List<XmlElement> all = controllers.ofType("usb");
    boolean off = all.stream().anyMatch(c -> c.is("model", "none"));
    if (off && all.size() > 1) {
      draft.refuse(all.getLast(), "USB is switched off (model='none'): no other USB controller");
    }
    for (XmlElement controller : all) {
      boolean companion = controller.hasChild("master");
      boolean master =
          all.stream()
              .anyMatch(c ->
                  !c.hasChild("master")
                      && Controllers.index(c).equals(Controllers.index(controller)));
      if (companion && !master) {
        draft.refuse(
            controller,
            "the USB companion controller with index '%s' has no master: add an ich9-ehci1"
                .formatted(controller.attribute("index", "")));
      }
      usbPorts(draft, controller);
    }
    for (XmlElement user : UsbPorts.users(draft.devices())) {
      if (all.isEmpty()) {
        draft.refuse(
            user, "USB is disabled for this domain, but USB devices are present: add a controller");
      } else if (off) {
        draft.refuse(user, "USB is switched off: no <%s> on it".formatted(user.name()));
      }
    }
  }

  private static void usbPorts(Draft draft, XmlElement controller) {
    OptionalLong ports = Numbers.parse(controller.attribute("ports", ""));
    String model = controller.attribute("model", "");
    if (model.endsWith("xhci")
        && ports.isPresent()
        && ports.getAsLong() > UsbPorts.HIGHEST_PORT_COUNT) {
      draft.refuse(
          controller,
          "a %s controller has up to %d ports".formatted(model, UsbPorts.HIGHEST_PORT_COUNT));
    }
  }

  private static void ranges(Draft draft, XmlElement address) {
    String type = address.attribute("type", "pci");
    if (type.equals("pci")) {
      atMost(draft, address, "domain", 0xffffffffL);
      atMost(draft, address, "bus", 0xff);
      atMost(draft, address, "slot", 0x1f);
      atMost(draft, address, "function", 7);
    } else if (address.has("controller")) {
      atMost(draft, address, "controller", Controllers.HIGHEST_INDEX);
    } else if (type.equals("spapr-vio")) {
      atMost(draft, address, "reg", 0xffffffffL);
    }
  }

  private static void atMost(Draft draft, XmlElement address, String part, long limit) {
    boolean source = address.parent().filter(p -> p.name().equals("source")).isPresent();
    if (source && !address.has("slot")) {
      return;
    }
    Optional<String> text = address.attribute(part);
    OptionalLong value = Numbers.parse(text.orElse(""));
    if (value.isPresent() && Long.compareUnsigned(value.getAsLong(), limit) > 0) {
      draft.refuse(
          address,
          "address with %s='%s': it must be at most 0x%x".formatted(part, text.orElse(""), limit));
    }
  }
}
