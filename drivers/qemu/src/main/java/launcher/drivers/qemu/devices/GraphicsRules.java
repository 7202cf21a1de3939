package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Completion of displays: where they listen, and their ports. */
final class GraphicsRules {
  private GraphicsRules() {}

  /** All displays. */
  static void complete(Draft draft) {
    for (XmlElement graphics : draft.devices("graphics")) {
      switch (graphics.attribute("type", "")) {
        case "vnc" -> {
          completeListen(graphics);
          completeVnc(graphics);
        }
        case "spice" -> {
          completeListen(graphics);
          completeSpice(graphics);
        }
        case "rdp" -> {
          completeListen(graphics);
          completeRdp(graphics);
        }
        case "egl-headless" ->
            graphics
                .child("gl")
                .ifPresent(gl -> {
                  gl.unset("enable"); // it is nothing else
                  if (gl.attributes().isEmpty()) {
                    gl.detach();
                  }
                });
        case "dbus" -> {
          if (graphics.is("p2p", "no")) {
            graphics.unset("p2p");
          }
        }
        default -> {
          // windows listen nowhere
        }
      }
    }
  }

  private static void completeListen(XmlElement graphics) {
    Optional<String> socket = graphics.attribute("socket");
    Optional<String> address = graphics.attribute("listen");
    if (!graphics.hasChild("listen")) {
      XmlElement listen = graphics.add("listen");
      if (socket.isPresent()) {
        listen.set("type", "socket").set("socket", socket.get());
      } else {
        listen.set("type", "address");
        address.ifPresent(a -> listen.set("address", a));
      }
    }
    graphics
        .child("listen")
        .filter(l -> l.is("type", "address"))
        .ifPresent(l -> address.ifPresent(a -> l.setDefault("address", a)));
    graphics.unset("socket");
    graphics.unset("listen");
    for (XmlElement listen : graphics.children("listen")) {
      // the address of a network is looked up at each start
      if (listen.is("type", "network")) {
        listen.unset("address");
      } else if (listen.is("type", "address") && listen.is("address", "")) {
        listen.unset("address");
      }
    }
  }

  private static boolean overTcp(XmlElement graphics) {
    String type = graphics.value("listen/@type", "");
    return type.equals("address") || type.equals("network");
  }

  private static void showAddress(XmlElement graphics) {
    graphics
        .child("listen")
        .filter(l -> l.is("type", "address"))
        .flatMap(l -> l.attribute("address"))
        .ifPresent(address -> graphics.set("listen", address));
  }

  private static void dropPorts(XmlElement graphics) {
    graphics.unset("port");
    graphics.unset("tlsPort");
    graphics.unset("autoport");
    graphics.unset("websocket");
  }

  private static void completeVnc(XmlElement graphics) {
    if (!graphics.has("passwd")) {
      graphics.unset("connected"); // it says what a change of the password does
    }
    if (!overTcp(graphics)) {
      dropPorts(graphics);
      graphics.value("listen/@socket").ifPresent(path -> graphics.set("socket", path));
      return;
    }
    boolean chosen = graphics.attribute("port", "-1").equals("-1");
    boolean auto = graphics.attribute("autoport", chosen ? "yes" : "no").equals("yes");
    if (auto) {
      graphics.set("port", "-1");
    } else if (chosen) {
      graphics.unset("port");
    }
    graphics.set("autoport", auto ? "yes" : "no");
    showAddress(graphics);
  }

  private static void completeSpice(XmlElement graphics) {
    if (graphics.is("defaultMode", "any")) {
      graphics.unset("defaultMode");
    }
    boolean auto =
        graphics.is("autoport", "yes")
            || (graphics.is("port", "-1") && graphics.is("tlsPort", "-1"));
    if (graphics.is("port", "0") || auto) {
      graphics.unset("port");
    }
    if (graphics.is("tlsPort", "0") || auto) {
      graphics.unset("tlsPort");
    }
    boolean address = graphics.value("listen/@type", "").equals("address");
    if (address && !auto && !graphics.has("port") && !graphics.has("tlsPort")) {
      graphics.childOrAdd("listen").set("type", "none");
      graphics.childOrAdd("listen").unset("address");
    }
    if (overTcp(graphics)) {
      graphics.set("autoport", auto ? "yes" : "no");
      showAddress(graphics);
    } else {
      dropPorts(graphics);
    }
  }

  private static void completeRdp(XmlElement graphics) {
    boolean auto =
        graphics.is("autoport", "yes")
            || (!graphics.has("autoport") && graphics.attribute("port", "0").equals("0"));
    if (auto) {
      graphics.set("port", "0");
    }
    graphics.set("autoport", auto ? "yes" : "no");
    showAddress(graphics);
  }
}
