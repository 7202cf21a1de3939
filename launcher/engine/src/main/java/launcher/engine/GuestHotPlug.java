package launcher.engine;

import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
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
  private final LiveFiles files;

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
    files = hypervisor.files(life, qemu.monitor());
  }

  /** Plugs a device in. */
  void attach(String xml) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement device = live.childOrAdd("devices").add(read(xml));
    files.admit(device);
    try {
      hypervisor.plug(
          FILE, live, device, runFolder(run), plug, step -> life.hold(life.running(), step));
    } catch (RuntimeException e) {
      files.dismiss(device, run.live());
      throw e;
    }
    life.live(run, live);
  }

  /** Takes the device out that is meant. */
  void detach(XmlElement asked) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement device = DeviceMatch.find(life.definition().name(), live, asked);
    hypervisor.unplug(live, device, runFolder(run), plug);
    device.detach();
    files.dismiss(device, live);
    life.live(run, live);
  }

  /**
   * Puts another file into a drive, or none; both media are the guest's while QEMU is told.
   *
   * @param before the drive as it was
   * @param drive the drive as it will be, in {@code live}
   */
  void exchange(XmlElement before, XmlElement drive, XmlElement live, Runnable change) {
    files.admit(drive);
    try {
      change.run();
    } catch (RuntimeException e) {
      files.dismiss(drive, life.running().live());
      throw e;
    }
    files.dismiss(before, live);
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
}
