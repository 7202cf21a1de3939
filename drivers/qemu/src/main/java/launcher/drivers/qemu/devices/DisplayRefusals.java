package launcher.drivers.qemu.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What displays cannot be. */
final class DisplayRefusals {
  private static final long FIRST_VNC_PORT = 5900;
  private static final long LAST_PORT = 65535;

  /** What DES, which VNC's authentication is made of, takes as a key. */
  private static final int VNC_PASSWORD = 8;

  private DisplayRefusals() {}

  /** As written: what completion makes equal must have been equal. */
  static void checkWritten(Draft draft) {
    for (XmlElement graphics : draft.devices("graphics")) {
      Optional<XmlElement> first = graphics.child("listen").filter(l -> !l.is("type", "network"));
      if (graphics.children("listen").size() > 1) {
        draft.refuse(graphics, "QEMU's displays listen in one place each, not in several");
      }
      if (graphics.is("type", "vnc") && !graphics.attribute("connected", "keep").equals("keep")) {
        draft.refuse(graphics, "VNC knows only connected='keep'");
      }
      graphics
          .child("gl")
          .filter(g -> !g.has("enable") && !graphics.is("type", "egl-headless"))
          .ifPresent(g -> draft.refuse(g, "missing attribute 'enable' of <gl>"));
      agree(draft, graphics, "listen", first, "address");
      agree(draft, graphics, "socket", first, "socket");
    }
  }

  private static void agree(
      Draft draft, XmlElement graphics, String own, Optional<XmlElement> listen, String inner) {
    Optional<String> value = graphics.attribute(own);
    Optional<String> said = listen.flatMap(l -> l.attribute(inner));
    if (value.isPresent() && said.isPresent() && !value.equals(said)) {
      draft.refuse(
          graphics,
          "attribute '%s' says '%s', but <listen> says '%s'"
              .formatted(own, value.get(), said.get()));
    }
  }

  /** Looks at all displays. */
  static void check(Draft draft) {
    List<XmlElement> all = draft.devices("graphics");
    Set<String> types = new HashSet<>();
    boolean gl = false;
    headless(draft, all);
    for (XmlElement graphics : all) {
      String type = graphics.attribute("type", "");
      if (!types.add(type)) {
        draft.refuse(graphics, "there can be only one display of type '%s'".formatted(type));
      }
      if (usesGl(graphics)) {
        if (gl) {
          draft.refuse(
              graphics, "QEMU can drive only one display with OpenGL: this is the second one");
        }
        gl = true;
      }
      graphics.children("listen").stream()
          .filter(l -> l.is("type", "network") && l.attribute("network", "").isEmpty())
          .forEach(
              l -> draft.refuse(l, "'network' attribute is required for listen type 'network'"));
      if (type.equals("rdp")) {
        graphics.children("listen").stream()
            .filter(l -> l.is("type", "socket") || l.is("type", "none"))
            .forEach(l ->
                draft.refuse(
                    l,
                    "listen type '%s' is not available for graphics type 'rdp'"
                        .formatted(l.attribute("type", ""))));
      }
      check(draft, graphics, type);
    }
  }

  // Nobody sees what it draws but through a display that is looked at from afar.
  private static void headless(Draft draft, List<XmlElement> all) {
    boolean remote = all.stream().anyMatch(g -> g.is("type", "vnc") || g.is("type", "spice"));
    all.stream()
        .filter(g -> g.is("type", "egl-headless") && all.size() > 1 && !remote)
        .forEach(g ->
            draft.refuse(
                g,
                "graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice'"
                    + " graphics types"));
  }

  private static boolean usesGl(XmlElement graphics) {
    return graphics.is("type", "egl-headless") || graphics.value("gl/@enable", "").equals("yes");
  }

  private static void check(Draft draft, XmlElement graphics, String type) {
    switch (type) {
      case "vnc" -> vnc(draft, graphics);
      case "spice" -> {
        if (draft.capabilities().schema().lacks("query-spice")) {
          draft.refuse(graphics, "this QEMU has no display of type 'spice'");
        }
        spice(draft, graphics);
      }
      case "dbus" -> {
        if (graphics.is("p2p", "yes") && graphics.has("address")) {
          draft.refuse(graphics, "a D-Bus display between two has no address of a bus");
        }
      }
      case "desktop" -> draft.refuse(graphics, "QEMU has no display of type 'desktop'");
      default -> {
        // nothing more to say
      }
    }
  }

  private static void vnc(Draft draft, XmlElement graphics) {
    long port = Numbers.parse(graphics.attribute("port", "0")).orElse(0);
    boolean chosen = graphics.is("autoport", "no") || port > 0;
    if (chosen && (port < FIRST_VNC_PORT || port > LAST_PORT)) {
      draft.refuse(graphics, "a VNC port must be between 5900 and 65535, not " + port);
    }
    if (graphics.attribute("passwd", "").length() > VNC_PASSWORD) {
      draft.refuse(graphics, "a VNC password has at most %d characters".formatted(VNC_PASSWORD));
    }
  }

  private static void spice(Draft draft, XmlElement graphics) {
    boolean auto = !graphics.is("autoport", "no");
    String mode = graphics.attribute("defaultMode", "any");
    if (mode.equals("secure") && !auto && !graphics.has("tlsPort")) {
      draft.refuse(graphics, "defaultMode 'secure' needs a tlsPort");
    }
    if (mode.equals("insecure") && !auto && !graphics.has("port")) {
      draft.refuse(graphics, "defaultMode 'insecure' needs a port");
    }
    if (draft.host().settings().on("spiceTLS")) {
      return;
    }
    if (Numbers.parse(graphics.attribute("tlsPort", "")).orElse(0) > 0) {
      draft.refuse(graphics, "a TLS port is set, but the host's settings have TLS off for SPICE");
    }
    boolean secure =
        graphics.is("defaultMode", "secure")
            || graphics.children("channel").stream().anyMatch(c -> c.is("mode", "secure"));
    if (secure) {
      draft.refuse(
          graphics, "channels must be secure, but the host's settings have TLS off for SPICE");
    }
  }
}
