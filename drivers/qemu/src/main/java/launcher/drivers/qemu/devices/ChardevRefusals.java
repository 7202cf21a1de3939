package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What the host's end of a character device cannot be. */
final class ChardevRefusals {
  private static final Set<String> PROTOCOLS = Set.of("raw", "telnet");

  private ChardevRefusals() {}

  /** Looks at all uses of character devices. */
  static void check(Draft draft) {
    for (String kind : List.of("serial", "parallel", "console", "channel", "redirdev")) {
      draft.devices(kind).forEach(device -> check(draft, device));
    }
    draft.devices("smartcard").stream()
        .filter(card -> card.is("mode", "passthrough"))
        .forEach(card -> check(draft, card));
    for (XmlElement rng : draft.devices("rng")) {
      rng.child("backend").filter(b -> b.is("model", "egd")).ifPresent(b -> check(draft, b));
    }
  }

  private static void check(Draft draft, XmlElement device) {
    switch (device.attribute("type", "")) {
      case "file", "dev", "pipe" -> require(draft, device, "path");
      case "unix" -> {
        if (!device.name().equals("channel")) {
          require(draft, device, "path");
        }
      }
      case "tcp" -> {
        require(draft, device, "host");
        require(draft, device, "service");
        protocol(draft, device);
      }
      case "udp" -> udp(draft, device);
      case "spiceport", "dbus" -> {
        require(draft, device, "channel");
        if (device.is("type", "spiceport")) {
          display(draft, device);
        }
      }
      case "qemu-vdagent" -> {
        if (draft.capabilities().schema().lacks("chardev-add/backend/+qemu-vdagent")) {
          draft.refuse(device, "this QEMU has no character device of type 'qemu-vdagent'");
        }
      }
      case "nmdm" -> draft.refuse(device, "QEMU has no character device of type 'nmdm'");
      case "spicevmc" -> {
        if (Set.of("serial", "parallel", "console").contains(device.name())) {
          draft.refuse(device, "a <%s> cannot be of type 'spicevmc'".formatted(device.name()));
        }
        spiceVmc(draft, device);
        display(draft, device);
      }
      default -> {
        // nothing to say
      }
    }
    device.children("source").forEach(source -> reconnect(draft, source));
    if (Set.of("unix", "tcp", "udp").contains(device.attribute("type", ""))) {
      device.children("source").forEach(source -> mode(draft, source));
    }
    if (device.children("source").size() > 1 && !device.is("type", "udp")) {
      draft.refuse(device, "only one source element is allowed for character device");
    }
  }

  // These are streams of SPICE itself.
  private static void display(Draft draft, XmlElement device) {
    if (draft.devices("graphics").stream().noneMatch(g -> g.is("type", "spice"))) {
      draft.refuse(
          device,
          "character device of type '%s' is not supported without spice graphics"
              .formatted(device.attribute("type", "")));
    }
  }

  private static void require(Draft draft, XmlElement device, String attribute) {
    if (device.value("source/@" + attribute, "").isEmpty()) {
      draft.refuse(
          device,
          "character device of type '%s' misses its <source %s='…'>"
              .formatted(device.attribute("type", ""), attribute));
    }
  }

  private static void protocol(Draft draft, XmlElement device) {
    String protocol = device.value("protocol/@type", "raw");
    if (!PROTOCOLS.contains(protocol)) {
      draft.refuse(
          device,
          "protocol '%s' of a TCP character device is not supported: it can be 'raw' or 'telnet'"
              .formatted(protocol));
    }
  }

  private static void udp(Draft draft, XmlElement device) {
    boolean remote =
        device.children("source").stream()
            .anyMatch(s -> !s.is("mode", "bind") && !s.attribute("service", "").isEmpty());
    if (!remote) {
      draft.refuse(
          device, "character device of type 'udp' misses <source mode='connect' service='…'>");
    }
  }

  private static void spiceVmc(Draft draft, XmlElement device) {
    if (!device.name().equals("channel")) {
      return;
    }
    String name = device.value("target/@name", "com.redhat.spice.0");
    if (!device.value("target/@type", "").equals("virtio")) {
      draft.refuse(device, "a channel of type 'spicevmc' needs a target of type 'virtio'");
    } else if (!name.equals("com.redhat.spice.0")) {
      draft.refuse(
          device,
          "a channel of type 'spicevmc' cannot be named '%s': SPICE's agent listens at 'com.redhat.spice.0'"
              .formatted(name));
    }
  }

  private static void mode(Draft draft, XmlElement source) {
    String mode = source.attribute("mode", "connect");
    if (!mode.equals("connect") && !mode.equals("bind")) {
      draft.refuse(source, "mode '%s' of a socket: it can be 'connect' or 'bind'".formatted(mode));
    }
  }

  private static void reconnect(Draft draft, XmlElement source) {
    XmlElement reconnect = source.child("reconnect").orElse(null);
    if (reconnect == null || !reconnect.is("enabled", "yes")) {
      return;
    }
    if (!reconnect.has("timeout")) {
      draft.refuse(reconnect, "reconnecting is on, but its timeout is not said");
    } else if (reconnect.attribute("timeout", "").matches("0+")) {
      draft.refuse(reconnect, "the timeout of reconnecting cannot be '0'");
    }
    if (!source.is("mode", "connect") && !source.is("mode", "client")) {
      draft.refuse(reconnect, "only a side that connects can reconnect: its mode is not 'connect'");
    }
  }
}
