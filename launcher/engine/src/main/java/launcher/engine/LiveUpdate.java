package launcher.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.guest.ActiveRun;
import launcher.schemas.XmlElement;

/** Changes a device of a running guest as far as QEMU can, and refuses the rest by name. */
final class LiveUpdate {
  private final Guest guest;

  LiveUpdate(Guest guest) {
    this.guest = guest;
  }

  void apply(XmlElement asked, boolean force) {
    XmlElement device = DeviceMatch.find(guest.name(), guest.life().running().live(), asked);
    switch (asked.name()) {
      case "disk" -> medium(device, asked, force);
      case "interface" -> link(device, asked);
      case "graphics" -> password(device, asked);
      default ->
          throw new EngineException(
              Kind.INVALID,
              "a <" + asked.name() + "> cannot be changed while the guest runs: use --config");
    }
  }

  private void medium(XmlElement device, XmlElement asked, boolean force) {
    refuseOthers(device, asked, List.of("source", "backingStore", "alias", "address", "readonly"));
    Optional<Path> file =
        asked.value("source/@file").or(() -> asked.value("source/@dev")).map(Path::of);
    guest
        .devices()
        .exchange(device.value("target/@dev", ""), file, asked.value("driver/@type", "raw"), force);
  }

  private void link(XmlElement device, XmlElement asked) {
    refuseOthers(device, asked, List.of("link", "alias", "address", "target"));
    boolean up = !asked.value("link/@state", "up").equals("down");
    ToldTwice.link(guest, device, up);
  }

  private void password(XmlElement device, XmlElement asked) {
    String type = asked.attribute("type", "");
    Optional<String> words = asked.attribute("passwd");
    if (words.isEmpty() || !type.equals("vnc") && !type.equals("spice")) {
      throw new EngineException(
          Kind.INVALID, "of a running guest's graphics only the passwd of vnc and spice changes");
    }
    ActiveRun run = guest.life().running();
    XmlElement live = run.live().copy();
    same(live, device).set("passwd", words.get());
    Props password = Props.of("protocol", type).put("password", words.get());
    ToldTwice.tell(run, guest.qemu(), "the password of " + type, "set_password", password, live);
  }

  /** The device in another tree. */
  private XmlElement same(XmlElement live, XmlElement device) {
    XmlElement alias = XmlElement.of(device.name());
    alias.add("alias").set("name", device.value("alias/@name", ""));
    return DeviceMatch.find(guest.name(), live, alias);
  }

  /** What is said of the device and is otherwise now, apart from what can change. */
  private void refuseOthers(XmlElement device, XmlElement asked, List<String> changeable) {
    List<String> others = new ArrayList<>();
    for (XmlElement part : asked.children()) {
      boolean same = device.children(part.name()).stream().anyMatch(now -> within(now, part));
      if (!same && !changeable.contains(part.name())) {
        others.add("<" + part.name() + ">");
      }
    }
    if (!others.isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          String.join(", ", others)
              + " of a running guest's <"
              + asked.name()
              + "> cannot change: use --config for its next start");
    }
  }

  private static boolean within(XmlElement now, XmlElement asked) {
    return asked.attributes().stream().allMatch(a -> now.attribute(a.name(), "").equals(a.value()));
  }
}
