package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.XmlElement;

/**
 * What is chosen anew at each start: ports, sockets, addresses of sockets between host and guest.
 *
 * <p>A value that is already in the tree stays: whoever starts the guest has chosen it, having seen
 * which are free.
 */
final class Preparation {
  private static final long VNC_PORT = 5900;
  private static final long VNC_WEBSOCKET_PORT = 5700;
  private static final long SPICE_PORT = 5901;
  private static final long SPICE_TLS_PORT = 5902;
  private static final long RDP_PORT = 3389;

  private Preparation() {}

  /** Ports and sockets of displays. */
  static void displays(Draft draft) {
    for (XmlElement graphics : draft.devices("graphics")) {
      preferSocket(draft, graphics);
      switch (graphics.attribute("type", "")) {
        case "vnc" -> vnc(graphics);
        case "spice" -> spice(draft, graphics);
        case "rdp" -> port(graphics, "port", RDP_PORT);
        case "dbus" -> dbus(draft, graphics);
        default -> {
          // nothing to choose
        }
      }
      socket(draft, graphics);
    }
  }

  private static boolean auto(XmlElement graphics) {
    return graphics.is("autoport", "yes");
  }

  private static void port(XmlElement graphics, String attribute, long first) {
    String port = graphics.attribute(attribute, "0");
    if (auto(graphics) && (port.equals("-1") || port.equals("0"))) {
      graphics.set(attribute, first);
    }
  }

  private static void vnc(XmlElement graphics) {
    port(graphics, "port", VNC_PORT);
    if (graphics.is("websocket", "-1")) {
      graphics.set("websocket", VNC_WEBSOCKET_PORT);
    }
  }

  private static void spice(Draft draft, XmlElement graphics) {
    boolean plain = !graphics.is("defaultMode", "secure");
    boolean tls = draft.host().settings().on("spiceTLS");
    if (plain) {
      port(graphics, "port", SPICE_PORT);
    }
    if (tls && !graphics.is("defaultMode", "insecure")) {
      port(graphics, "tlsPort", SPICE_TLS_PORT);
    }
    if (graphics.is("port", "-1")) {
      graphics.set("port", SPICE_PORT);
    }
    if (graphics.is("tlsPort", "-1")) {
      graphics.set("tlsPort", SPICE_TLS_PORT);
    }
  }

  private static void dbus(Draft draft, XmlElement graphics) {
    if (!graphics.is("p2p", "yes")) {
      String guest = draft.domain().value("name", "").replace('/', '_');
      graphics.setDefault(
          "address",
          "unix:path=" + draft.host().folders().run() + "/dbus/-1-" + guest + "-dbus.sock");
    }
  }

  // A server that could listen anywhere listens at a file, if the host's settings say so.
  private static void preferSocket(Draft draft, XmlElement graphics) {
    boolean wanted = draft.host().settings().on(graphics.attribute("type", "") + "AutoUnixSocket");
    for (XmlElement listen : graphics.children("listen")) {
      if (wanted && listen.is("type", "address") && !listen.has("address")) {
        listen.set("type", "socket");
        graphics.unset("port");
        graphics.unset("tlsPort");
        graphics.unset("autoport");
      }
    }
  }

  private static void socket(Draft draft, XmlElement graphics) {
    String guest = draft.domain().value("name", "");
    graphics.children("listen").stream()
        .filter(listen -> listen.is("type", "socket"))
        .forEach(listen ->
            listen.setDefault(
                "socket",
                draft.host().folders().guest(guest)
                    + "/"
                    + graphics.attribute("type", "")
                    + ".sock"));
  }

  /** Channels that listen at a socket of ours. */
  static void channels(Draft draft) {
    String guest = draft.domain().value("name", "");
    for (XmlElement channel : draft.devices("channel")) {
      Optional<String> name = channel.value("target/@name");
      if (channel.is("type", "unix") && channel.value("source/@path").isEmpty()) {
        channel
            .childOrAdd("source")
            .set("mode", "bind")
            .set(
                "path",
                draft.host().folders().channels(guest)
                    + "/"
                    + name.orElse("channel").replace('/', '_'));
      }
    }
  }

  /** The guest's address among its host's. */
  static void vsock(Draft draft) {
    QemuHost.Settings settings = draft.host().settings();
    for (XmlElement vsock : draft.devices("vsock")) {
      XmlElement cid = vsock.childOrAdd("cid");
      if (cid.is("auto", "yes")) {
        cid.setDefault("address", settings.text("vsockCid").orElse("3"));
      }
    }
  }
}
