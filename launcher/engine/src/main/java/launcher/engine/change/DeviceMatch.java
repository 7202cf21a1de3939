package launcher.engine.change;

import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** Finds the device that somebody means by a piece of XML. */
public final class DeviceMatch {
  private DeviceMatch() {}

  /**
   * The one device that is meant: by alias, by a disk's target, by a card's MAC, or by everything
   * that is said of it.
   *
   * @param guest for messages
   * @throws EngineException when none fits, or several do
   */
  public static XmlElement find(String guest, XmlElement domain, XmlElement asked) {
    List<XmlElement> fitting =
        domain.childOrAdd("devices").children(asked.name()).stream()
            .filter(device -> is(device, asked))
            .toList();
    if (fitting.isEmpty()) {
      throw new EngineException(
          Kind.NOT_FOUND,
          "guest '" + guest + "' has no such <" + asked.name() + ">" + words(asked));
    }
    if (fitting.size() > 1) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + guest
              + "' has "
              + fitting.size()
              + " <"
              + asked.name()
              + "> that fit: say which one by its <alias>, <target> or <mac>");
    }
    return fitting.getFirst();
  }

  private static String words(XmlElement asked) {
    return key(asked).map(name -> " with " + name + " '" + asked.value(name, "") + "'").orElse("");
  }

  /** What alone tells a device from the others. */
  private static Optional<String> key(XmlElement asked) {
    List<String> names =
        asked.name().equals("interface")
            ? List.of("mac/@address", "alias/@name", "target/@dev")
            : List.of("target/@dev", "alias/@name");
    return names.stream().filter(name -> asked.value(name).isPresent()).findFirst();
  }

  private static boolean is(XmlElement device, XmlElement asked) {
    boolean disk = asked.name().equals("disk") || asked.name().equals("interface");
    Optional<String> key = disk ? key(asked) : asked.value("alias/@name").map(_ -> "alias/@name");
    return key.isPresent()
        ? device.value(key.get(), "").equalsIgnoreCase(asked.value(key.get(), ""))
        : within(device, asked);
  }

  private static boolean within(XmlElement device, XmlElement asked) {
    return asked.attributes().stream()
            .allMatch(a -> device.attribute(a.name(), "").equals(a.value()))
        && (asked.text().isBlank() || device.text().equals(asked.text()))
        && asked.children().stream()
            .allMatch(
                child -> device.children(child.name()).stream().anyMatch(d -> within(d, child)));
  }
}
