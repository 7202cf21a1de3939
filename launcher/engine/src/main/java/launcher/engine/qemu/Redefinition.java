package launcher.engine.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * What a definition keeps of the one it replaces: the machine version it says nothing about, and
 * the addresses, controllers and MACs of devices that are still there, so that a guest's hardware
 * stays the same.
 */
final class Redefinition {
  private Redefinition() {}

  static void keep(XmlElement tree, XmlElement previous) {
    XmlElement devices = tree.childOrAdd("devices");
    List<XmlElement> left =
        new ArrayList<>(previous.child("devices").map(XmlElement::children).orElse(List.of()));
    for (XmlElement device : List.copyOf(devices.children())) {
      twin(device, left)
          .ifPresent(old -> {
            // of several that are written alike, each has a twin of its own
            left.remove(old);
            inherit(device, old);
          });
    }
    keepMachine(tree, previous);
  }

  // "pc" meant a version when it was first defined, and still means that one
  private static void keepMachine(XmlElement tree, XmlElement previous) {
    Optional<XmlElement> type = tree.at("os/type");
    Optional<String> old = previous.value("os/type/@machine");
    if (type.isEmpty() || old.isEmpty()) {
      return;
    }
    String asked = type.get().attribute("machine", "");
    boolean sameFamily =
        asked.equals("pc") && old.get().startsWith("pc-i440fx")
            || asked.equals("q35") && old.get().startsWith("pc-q35")
            || asked.isEmpty();
    if (sameFamily) {
      type.get().set("machine", old.get());
    }
  }

  private static void inherit(XmlElement device, XmlElement old) {
    if (!device.hasChild("address")) {
      old.child("address").ifPresent(address -> device.add(address.copy()));
    }
    if (device.name().equals("interface") && !device.hasChild("mac")) {
      old.child("mac").ifPresent(mac -> device.add(mac.copy()));
    }
    if (device.name().equals("controller")) {
      old.attribute("model").ifPresent(model -> device.setDefault("model", model));
    }
  }

  /** The same device in the other definition. */
  private static Optional<XmlElement> twin(XmlElement device, List<XmlElement> left) {
    return left.stream()
        .filter(old -> old.name().equals(device.name()))
        .filter(old -> isTwin(device, old))
        .findFirst();
  }

  private static boolean isTwin(XmlElement device, XmlElement old) {
    return switch (device.name()) {
      case "disk" -> equal(device, old, "target/@dev") && compatible(device, old, "target/@bus");
      case "interface" ->
          (device.value("mac/@address").isEmpty()
                  ? index(device) == index(old)
                  : equalIgnoringCase(device, old))
              && compatible(device, old, "model/@type");
      case "controller" ->
          equal(device, old, "@type")
              && compatible(device, old, "@index")
              && compatible(device, old, "@model");
      default ->
          index(device) == index(old)
              && device.attributes().stream()
                  .allMatch(a -> old.attribute(a.name(), a.value()).equals(a.value()))
              && compatible(device, old, "target/@type")
              && compatible(device, old, "model/@type");
    };
  }

  private static boolean equalIgnoringCase(XmlElement device, XmlElement old) {
    return device.value("mac/@address", "").equalsIgnoreCase(old.value("mac/@address", ""));
  }

  private static boolean equal(XmlElement device, XmlElement old, String path) {
    return device.value(path, "").equals(old.value(path, ""));
  }

  // what is not said fits everything
  private static boolean compatible(XmlElement device, XmlElement old, String path) {
    return device.value(path).isEmpty() || equal(device, old, path);
  }

  private static int index(XmlElement device) {
    return device.parent().map(p -> p.children(device.name()).indexOf(device)).orElse(-1);
  }
}
