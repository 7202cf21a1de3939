package launcher.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/** Devices that come and go while a guest runs. */
final class GuestHotPlug {
  private static final String FILE = "device.xml";

  private final GuestLife life;
  private final QemuHypervisor hypervisor;
  private final HotPlug plug;

  GuestHotPlug(GuestLife life, QemuRunning qemu) {
    this.life = life;
    String name = life.definition().name();
    if (life.context().hypervisor(name, life.definition().type()) instanceof QemuHypervisor found) {
      hypervisor = found;
    } else {
      throw new EngineException(
          Kind.INVALID, "guest '" + name + "' takes no devices while it runs");
    }
    plug = new HotPlug(name, qemu);
  }

  /** Plugs a device in. */
  void attach(String xml) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement device = live.childOrAdd("devices").add(read(xml));
    hypervisor.plug(FILE, live, device, runFolder(run), plug);
    life.live(run, live);
  }

  /** Takes a device out. */
  void detach(String xml) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement asked = read(xml);
    XmlElement device =
        find(live, asked)
            .orElseThrow(() ->
                new EngineException(
                    Kind.NOT_FOUND,
                    "guest '" + life.definition().name() + "' has no such <" + asked.name() + ">"));
    hypervisor.unplug(live, device, runFolder(run), plug);
    device.detach();
    life.live(run, live);
  }

  private static XmlElement read(String xml) {
    try {
      return XmlReader.read(FILE, xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }

  private static Path runFolder(ActiveRun run) {
    Path monitor = run.record().monitor().orElseThrow();
    return Optional.ofNullable(monitor.getParent()).orElse(monitor);
  }

  /** The device that is meant: by alias, disk target, MAC, or everything that is said of it. */
  static Optional<XmlElement> find(XmlElement domain, XmlElement asked) {
    for (XmlElement device : domain.childOrAdd("devices").children(asked.name())) {
      if (is(device, asked)) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  private static boolean is(XmlElement device, XmlElement asked) {
    for (String name : List.of("alias/@name", "target/@dev", "mac/@address")) {
      Optional<String> said = asked.value(name);
      if (said.isPresent()) {
        return device.value(name, "").equalsIgnoreCase(said.get());
      }
    }
    return within(device, asked);
  }

  private static boolean within(XmlElement device, XmlElement asked) {
    return asked.attributes().stream()
            .allMatch(a -> device.attribute(a.name(), "").equals(a.value()))
        && asked.children().stream()
            .allMatch(
                child -> device.child(child.name()).filter(d -> within(d, child)).isPresent());
  }
}
