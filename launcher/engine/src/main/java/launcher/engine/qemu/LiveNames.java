package launcher.engine.qemu;

import java.util.IdentityHashMap;
import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * What the devices of a running guest are called: by QEMU, and by the host. Completion takes such
 * names away, since each start gives new ones; of those that run they stay.
 */
final class LiveNames {
  private static final String LINK = "target/@dev";

  private final IdentityHashMap<XmlElement, String> aliases = new IdentityHashMap<>();
  private final IdentityHashMap<XmlElement, String> links = new IdentityHashMap<>();

  private LiveNames() {}

  /** The names in a live definition. */
  static LiveNames of(XmlElement live) {
    LiveNames names = new LiveNames();
    for (XmlElement device : live.childOrAdd("devices").children()) {
      device.value("alias/@name").ifPresent(alias -> names.aliases.put(device, alias));
      if (device.name().equals("interface")) {
        device.value(LINK).ifPresent(link -> names.links.put(device, link));
      }
    }
    return names;
  }

  /** Gives them back to those devices. */
  void giveBack() {
    aliases.forEach((device, alias) -> device.childOrAdd("alias").set("name", alias));
    links.forEach((card, link) -> {
      if (!card.value(LINK).equals(Optional.of(link))) {
        card.childOrAdd("target").set("dev", link);
      }
    });
  }
}
