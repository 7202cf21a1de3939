package launcher.engine.qemu;

import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.schemas.XmlElement;

/**
 * A QEMU guest that runs, with what it takes to change it while it does; made for one act.
 *
 * @param life the guest
 * @param run its present run
 * @param qemu the talk with it
 * @param hypervisor what translates for it
 */
public record LiveGuest(
    GuestLife life, ActiveRun run, QemuRunning qemu, QemuHypervisor hypervisor) {
  /**
   * For a guest.
   *
   * @throws EngineException when it does not run, or is no QEMU guest
   */
  public static LiveGuest of(GuestLife life) {
    ActiveRun run = life.running();
    Definition definition = life.definition();
    if (run.running() instanceof QemuRunning qemu
        && life.context().hypervisor(definition.name(), definition.type())
            instanceof QemuHypervisor hypervisor) {
      return new LiveGuest(life, run, qemu, hypervisor);
    }
    throw new EngineException(Kind.INVALID, "guest '" + definition.name() + "' is no QEMU guest");
  }

  /** Its name. */
  public String name() {
    return life.definition().name();
  }

  /** Its monitor. */
  public QemuMonitor monitor() {
    return qemu.monitor();
  }

  /** Its live definition, as a copy to be changed. */
  public XmlElement live() {
    return run.live().copy();
  }

  /** Leases, owners and labels of its disks. */
  public LiveFiles files() {
    return hypervisor.files(life, monitor());
  }

  /** What plugs devices into it and out of it. */
  public HotPlug plug() {
    return new HotPlug(name(), qemu);
  }

  /** Where its monitor and channels lie. */
  public Path folder() {
    Path monitor = run.record().monitor().orElseThrow();
    return Optional.ofNullable(monitor.getParent()).orElse(monitor);
  }

  /** What its devices are to QEMU. */
  public LiveTranslation translation() {
    return new LiveTranslation(this);
  }
}
