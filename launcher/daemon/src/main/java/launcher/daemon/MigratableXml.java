package launcher.daemon;

import java.util.List;
import launcher.schemas.XmlElement;

/**
 * A running guest's XML without what belongs to this run and this host, so that it can be defined
 * elsewhere: its number, aliases that were given by us, links and terminals of the host, ports that
 * were found free, labels.
 */
final class MigratableXml {
  /** Aliases that begin so were given by the user (libvirt formatdomain, alias). */
  private static final String OWN_ALIAS = "ua-";

  private MigratableXml() {}

  static void strip(XmlElement domain) {
    domain.unset("id");
    domain.child("resource").ifPresent(XmlElement::detach);
    for (XmlElement label : domain.children("seclabel")) {
      if (label.attribute("type", "dynamic").equals("dynamic")) {
        label.detach();
      }
    }
    List<XmlElement> devices =
        List.copyOf(domain.child("devices").map(XmlElement::children).orElse(List.of()));
    devices.forEach(MigratableXml::device);
  }

  private static void device(XmlElement device) {
    device
        .child("alias")
        .filter(alias -> !alias.attribute("name", "").startsWith(OWN_ALIAS))
        .ifPresent(XmlElement::detach);
    switch (device.name()) {
      case "disk" -> {
        device.child("source").ifPresent(source -> source.unset("index"));
        device
            .child("backingStore")
            .filter(below -> below.children().isEmpty())
            .ifPresent(XmlElement::detach);
      }
      case "interface" -> link(device);
      case "serial", "parallel", "console", "channel" -> terminal(device);
      case "graphics" -> {
        if (device.is("autoport", "yes")) {
          device.set("port", "-1");
          device.unset("tlsPort");
        }
        device.unset("websocketGenerated");
      }
      default -> {
        // nothing of it belongs to this host alone
      }
    }
  }

  /** A link that we named is another at the next start. */
  private static void link(XmlElement card) {
    card.child("target")
        .filter(target -> target.attribute("dev", "").matches("(vnet|macvtap|tap)[0-9]+"))
        .ifPresent(XmlElement::detach);
    if (card.is("type", "network")) {
      card.child("source")
          .ifPresent(source -> {
            source.unset("bridge");
            source.unset("portid");
          });
    }
  }

  private static void terminal(XmlElement device) {
    if (device.is("type", "pty")) {
      device.child("source").ifPresent(XmlElement::detach);
      device.unset("tty");
    }
  }
}
