package launcher.engine;

import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HelperStep;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.LiveHostSteps;
import launcher.engine.qemu.MissingControllers;
import launcher.engine.run.DeviceMove;
import launcher.engine.run.DiskJob;
import launcher.engine.run.LiveSteps;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/** Devices that come and go while a guest runs. */
final class GuestHotPlug {
  private static final String FILE = "device.xml";
  private static final String LEASE = "lease";

  private final GuestLife life;
  private final LiveGuest guest;
  private final HotPlug plug;
  private final LiveFiles files;

  /**
   * For a guest.
   *
   * @throws EngineException when it does not run, or is no QEMU guest
   */
  GuestHotPlug(GuestLife life) {
    this.life = life;
    guest = LiveGuest.of(life);
    plug = guest.plug();
    files = guest.files();
  }

  /** Plugs a device in, and before it the controller it needs where the guest has none. */
  void attach(String xml) {
    BegunMoves.settle(life);
    XmlElement wanted = read(xml);
    if (!wanted.name().equals(LEASE)) {
      XmlElement tried = life.running().live().copy();
      tried.childOrAdd("devices").add(wanted);
      MissingControllers.of(guest, FILE, tried).forEach(c -> attachAlone(XmlWriter.write(c)));
    }
    attachAlone(xml);
  }

  private void attachAlone(String xml) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement device = live.childOrAdd("devices").add(read(xml));
    if (device.name().equals(LEASE)) {
      attachLease(device, live);
      return;
    }
    try {
      guest
          .translation()
          .plug(FILE, live, device, helpers -> begin(run, device, live, helpers), hostSteps(run));
    } catch (RuntimeException e) {
      if (!BegunMoves.isCutOff(e) && isMoving(run, alias(device))) {
        takeBack(device, run, e);
        giveBack(device, run, e);
        run.settled(alias(device));
      }
      throw e;
    }
    run.live(live);
    run.settled(alias(device));
    life.tell("device-added", alias(device));
  }

  private LiveHostSteps hostSteps(ActiveRun run) {
    return new LiveHostSteps(
        new LiveSteps(life.definition().name(), life.context().runner(), run.steps()),
        run.record().pid(),
        guest.folder());
  }

  private void giveBack(XmlElement device, ActiveRun run, RuntimeException because) {
    try {
      hostSteps(run).giveBack(run.live(), device);
    } catch (RuntimeException left) {
      because.addSuppressed(left);
    }
  }

  /** What is not given back is said after why it was not plugged in. */
  private void takeBack(XmlElement device, ActiveRun run, RuntimeException because) {
    try {
      files.dismiss(device, run.live());
    } catch (RuntimeException left) {
      because.addSuppressed(left);
    }
  }

  private void begin(
      ActiveRun run, XmlElement device, XmlElement live, List<HelperStep.Run> helpers) {
    run.moving(new DeviceMove.In(alias(device), XmlWriter.write(live)));
    hostSteps(run).take(live, device, helpers, life.context().spawner());
    files.admit(device);
  }

  private static boolean isMoving(ActiveRun run, String alias) {
    return run.record().moves().stream().anyMatch(move -> move.alias().equals(alias));
  }

  private static String alias(XmlElement device) {
    return device.value("alias/@name", "");
  }

  /** Takes the device out that is meant. */
  void detach(XmlElement asked) {
    BegunMoves.settle(life);
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    XmlElement device = DeviceMatch.find(life.definition().name(), live, asked);
    if (device.name().equals(LEASE)) {
      detachLease(device, live);
      return;
    }
    refuseBusy(run, device);
    String alias = alias(device);
    run.moving(new DeviceMove.Out(alias));
    try {
      plug.unplug(alias);
    } catch (EngineException e) {
      if (e.kind() == Kind.TIMEOUT && !plug.has(alias)) {
        // at the very last moment
        gone(run, alias);
        return;
      }
      if (e.kind() == Kind.FAILED) {
        run.settled(alias);
      }
      throw e;
    }
    gone(run, alias);
  }

  private void refuseBusy(ActiveRun run, XmlElement device) {
    for (DiskJob job : run.record().diskJobs()) {
      if (device.name().equals("disk") && device.value("target/@dev", "").equals(job.target())) {
        throw new EngineException(
            Kind.WRONG_STATE,
            "disk '"
                + job.target()
                + "' of guest '"
                + life.definition().name()
                + "' has a job ("
                + job.kind().words()
                + "): wait for it, or use blockjob --abort");
      }
    }
  }

  /** QEMU knows nothing of a lease but a descriptor that it keeps. */
  private void attachLease(XmlElement lease, XmlElement live) {
    String name = life.definition().name();
    for (String part : List.of("lockspace", "key")) {
      if (lease.value(part, "").isBlank()) {
        throw new EngineException(Kind.INVALID, "a <lease> needs a <" + part + ">");
      }
    }
    boolean known =
        life.running().live().copy().childOrAdd("devices").children(LEASE).stream()
            .anyMatch(other ->
                other.value("key", "").equals(lease.value("key", ""))
                    && other.value("lockspace", "").equals(lease.value("lockspace", "")));
    if (known) {
      throw new EngineException(
          Kind.EXISTS,
          "guest '" + name + "' has the lease '" + lease.value("key", "") + "' already");
    }
    files.admit(lease);
    life.running().live(live);
    life.tell("device-added", lease.value("key", ""));
  }

  private void detachLease(XmlElement lease, XmlElement live) {
    lease.detach();
    // first what is remembered: cut off between the two, it holds more than it is known to
    life.running().live(live);
    files.dismiss(lease, live);
    life.tell("device-removed", lease.value("key", ""));
  }

  /** The guest has let go of a device. */
  private void gone(ActiveRun run, String alias) {
    XmlElement live = run.live().copy();
    Optional<XmlElement> device = device(live, alias);
    if (device.isPresent()) {
      guest.translation().removeRest(live, device.get());
      device.get().detach();
      files.dismiss(device.get(), live);
      run.live(live);
      hostSteps(run).giveBack(live, device.get());
    }
    run.settled(alias);
  }

  private static Optional<XmlElement> device(XmlElement live, String alias) {
    return live.childOrAdd("devices").children().stream()
        .filter(device -> alias(device).equals(alias))
        .findFirst();
  }

  /** A device that QEMU has is the guest's, and one that it has not is taken back. */
  void settle(DeviceMove.In in) {
    ActiveRun run = life.running();
    XmlElement live = XmlReader.read(FILE, in.live());
    if (plug.has(in.alias())) {
      run.live(live);
    } else {
      XmlElement device = device(live, in.alias()).orElseThrow();
      guest.translation().removeRest(live, device);
      files.dismiss(device, run.live());
      hostSteps(run).giveBack(run.live(), device);
    }
    run.settled(in.alias());
  }

  /** A device that the guest has let go of since is gone. */
  void settle(DeviceMove.Out out) {
    if (!plug.has(out.alias())) {
      gone(life.running(), out.alias());
    }
  }

  private static XmlElement read(String xml) {
    try {
      return XmlReader.read(FILE, xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }
}
