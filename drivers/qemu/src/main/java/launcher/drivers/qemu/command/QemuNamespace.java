package launcher.drivers.qemu.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlElement;

/** Elements of libvirt's name space for QEMU: arguments and environment of the user's own. */
public final class QemuNamespace {
  /** The name space. */
  public static final String URI = "http://libvirt.org/schemas/domain/qemu/1.0";

  private QemuNamespace() {}

  private static Optional<XmlElement> element(XmlElement domain, String name) {
    return domain.children(name).stream().filter(e -> e.namespace().equals(URI)).findFirst();
  }

  /** Writes the user's own arguments, last, as they are. */
  public static void arguments(Guest guest, CommandLine out) {
    element(guest.tree(), "commandline")
        .ifPresent(c -> c.children("arg").forEach(a -> out.add(a, a.attribute("value", ""))));
  }

  /** The user's own environment. */
  public static List<String> environment(Guest guest) {
    List<String> variables = new ArrayList<>();
    element(guest.tree(), "commandline")
        .ifPresent(c ->
            c.children("env")
                .forEach(
                    e -> variables.add(e.attribute("name", "") + "=" + e.attribute("value", ""))));
    return variables;
  }

  /** Writes what QEMU does about deprecated commands. */
  public static void deprecation(Guest guest, CommandLine out) {
    element(guest.tree(), "deprecation")
        .ifPresent(d -> {
          String behavior = d.attribute("behavior", "none");
          if (!behavior.equals("none")) {
            Props compatible = Props.of("deprecated-output", "hide");
            if (!behavior.equals("omit")) {
              compatible.put("deprecated-input", behavior);
            }
            out.add(d, "-compat", compatible);
          }
        });
  }

  /** Changes properties of a device as {@code <qemu:override>} says. */
  static void override(XmlElement domain, String alias, Props device) {
    element(domain, "override")
        .ifPresent(o ->
            o.children("device").stream()
                .filter(d -> d.is("alias", alias))
                .flatMap(d -> d.at("frontend").stream())
                .flatMap(f -> f.children("property").stream())
                .forEach(p -> property(p, device)));
  }

  private static void property(XmlElement property, Props device) {
    String name = property.attribute("name", "");
    String value = property.attribute("value", "");
    switch (property.attribute("type", "")) {
      case "string" -> device.put(name, value);
      case "signed" -> device.put(name, Long.parseLong(value));
      case "unsigned" -> device.put(name, Long.parseUnsignedLong(value));
      case "bool" -> device.put(name, value.equals("true"));
      case "remove" -> device.remove(name);
      default -> {
        // the schema knows no others
      }
    }
  }
}
