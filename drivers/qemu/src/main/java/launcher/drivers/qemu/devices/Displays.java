package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Graphics;

/** {@code <graphics>}: windows and servers that show the guest's screen. */
final class Displays {
  /** All of them; a guest without is told so among the general options. */
  static final CommandSection SECTION = Displays::write;

  private Displays() {}

  private static void write(Guest guest, CommandLine out) {
    List<Graphics> all = guest.devices().graphics();
    for (Graphics graphics : all) {
      switch (graphics.type()) {
        case "vnc" -> Vnc.write(guest, out, graphics);
        case "spice" -> Spice.write(guest, out, graphics);
        case "sdl" -> sdl(out, graphics);
        case "egl-headless" -> headless(guest, out, graphics);
        case "dbus" -> dbus(guest, out, graphics);
        default -> {
          // RDP is a process of its own, which shows what the D-Bus display gives it
        }
      }
    }
  }

  private static void sdl(CommandLine out, Graphics graphics) {
    if (graphics.fullscreen()) {
      out.add(graphics.element(), "-full-screen");
    }
    Props props = Props.of("type", "sdl");
    props.truth("gl", graphics.gl());
    out.add(graphics, "-display", props.text("type"));
  }

  private static void headless(Guest guest, CommandLine out, Graphics graphics) {
    Props props = Props.of("type", "egl-headless").put("rendernode", renderNode(guest, graphics));
    out.add(graphics, "-display", props.text("type"));
  }

  private static void dbus(Guest guest, CommandLine out, Graphics graphics) {
    Props props = Props.of("type", "dbus");
    if (graphics.peerToPeer()) {
      props.put("p2p", true);
    } else {
      props.put("addr", graphics.busAddress());
    }
    props.truth("gl", graphics.gl());
    props.put(
        "rendernode",
        graphics.gl().orElse(false) ? renderNode(guest, graphics) : graphics.renderNode());
    props.put("audiodev", graphics.audioId().map(id -> "audio" + id));
    out.add(graphics, "-display", props.text("type"));
  }

  /** The render node that the XML says, else the host's. */
  static Optional<String> renderNode(Guest guest, Graphics graphics) {
    return graphics.renderNode().or(guest.host()::renderNode);
  }
}
