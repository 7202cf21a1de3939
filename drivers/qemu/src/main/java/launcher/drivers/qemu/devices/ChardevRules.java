package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;

/** Completion of the host's end of every character device. */
final class ChardevRules {
  private ChardevRules() {}

  /** All uses of character devices. */
  static void complete(Draft draft) {
    for (String kind : List.of("serial", "parallel", "console", "channel", "redirdev")) {
      draft.devices(kind).forEach(device -> complete(device));
    }
    draft.devices("smartcard").stream()
        .filter(card -> card.is("mode", "passthrough"))
        .forEach(ChardevRules::complete);
    for (XmlElement rng : draft.devices("rng")) {
      rng.child("backend").filter(b -> b.is("model", "egd")).ifPresent(ChardevRules::complete);
    }
    draft.devices("channel").forEach(c -> c.child("target").ifPresent(t -> t.unset("state")));
  }

  private static void complete(XmlElement device) {
    device.setDefault("type", "pty");
    device.unset("tty");
    switch (device.attribute("type", "")) {
      case "tcp" -> {
        device.childOrAdd("protocol").setDefault("type", "raw");
        device.child("source").ifPresent(s -> s.setDefault("mode", "connect"));
      }
      case "udp" -> {
        dropProtocol(device);
        device.children("source").forEach(s -> s.setDefault("mode", "connect"));
      }
      case "pty" -> {
        dropProtocol(device);
        forgetPath(device);
      }
      case "unix" -> {
        dropProtocol(device);
        forgetEmptySocket(device);
      }
      default -> dropProtocol(device);
    }
    source(device);
  }

  /** What each kind's source says; the rest is a leftover of another kind. */
  private static final Map<String, Set<String>> SOURCES =
      Map.of(
          "file", Set.of("path", "append"),
          "dev", Set.of("path"),
          "pipe", Set.of("path"),
          "null", Set.of(),
          "vc", Set.of(),
          "stdio", Set.of(),
          "spicevmc", Set.of(),
          "pty", Set.of());

  private static void source(XmlElement device) {
    Set<String> known = SOURCES.get(device.attribute("type", ""));
    if (known == null) {
      return;
    }
    for (XmlElement source : device.children("source")) {
      for (XmlAttribute attribute : List.copyOf(source.attributes())) {
        if (!known.contains(attribute.name())) {
          source.unset(attribute.name());
        }
      }
      for (String part : List.of("clipboard", "mouse", "reconnect")) {
        source.children(part).forEach(XmlElement::detach);
      }
      dropEmpty(source);
    }
  }

  private static void dropProtocol(XmlElement device) {
    device.children("protocol").forEach(XmlElement::detach);
  }

  // The name of the terminal is different at each start.
  private static void forgetPath(XmlElement device) {
    for (XmlElement source : device.children("source")) {
      source.unset("path");
      dropEmpty(source);
    }
  }

  // Without a path the launcher chooses one at each start, and listens there.
  private static void forgetEmptySocket(XmlElement device) {
    for (XmlElement source : device.children("source")) {
      if (!source.has("path")) {
        source.unset("mode");
        dropEmpty(source);
      } else {
        source.setDefault("mode", "connect");
      }
    }
  }

  private static void dropEmpty(XmlElement element) {
    if (element.attributes().isEmpty() && element.children().isEmpty()) {
      element.detach();
    }
  }
}
