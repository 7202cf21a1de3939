package launcher.engine;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.drivers.plan.IsolationStep.LimitUse;
import launcher.engine.EngineException.Kind;
import launcher.engine.group.MachineGroups;
import launcher.engine.group.MachineLimits;
import launcher.engine.group.ResourceGroup;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.run.DeviceMove.Subject;
import launcher.schemas.XmlElement;

/** What a running QEMU guest may use of the host's memory, processors and disks. */
final class MachineUse {
  private static final long USUAL_PERIOD = 100_000;

  private final GuestLife life;

  /** Of a guest that runs. */
  MachineUse(GuestLife life) {
    this.life = life;
  }

  /**
   * Every limit: of memory and shares as its control groups have them, of processor time as its
   * live definition says it, for each processor.
   *
   * @return memory in KiB, -1 for no limit
   */
  SequencedMap<GuestLimit, Long> all() {
    SequencedMap<GuestLimit, Long> all =
        new LinkedHashMap<>(GuestLimits.said(life.running().live().copy()));
    // as the kernel has it where nothing is said
    all.replace(GuestLimit.VCPU_PERIOD, 0L, USUAL_PERIOD);
    all.replace(GuestLimit.VCPU_QUOTA, 0L, -1L);
    // without a group of its own it has a part of the daemon's share
    all.remove(GuestLimit.CPU_SHARES, 0L);
    all.remove(GuestLimit.WEIGHT, 0L);
    ofHost()
        .forEach((limit, value) -> {
          if (limit != GuestLimit.VCPU_PERIOD && limit != GuestLimit.VCPU_QUOTA) {
            all.put(limit, value);
          }
        });
    return all;
  }

  /** The limits of the guest's own control groups, those that it can have. */
  private SequencedMap<GuestLimit, Long> ofHost() {
    ActiveRun run = life.running();
    return ResourceGroup.ofMachine(run.record().pid(), run.record().uuid()).limits();
  }

  private boolean isHeld() {
    return life.running().record().steps().stream().anyMatch(LimitUse.class::isInstance);
  }

  /**
   * Changes limits.
   *
   * @param noted the live definition with them
   */
  void set(Map<GuestLimit, Long> wanted, XmlElement noted) {
    ActiveRun run = life.running();
    if (!isHeld()) {
      // first: a group is taken away with the guest, whoever lives then
      run.hold(MachineLimits.step(run.record().uuid()));
    }
    Map<GuestLimit, Long> limits = new EnumMap<>(GuestLimit.class);
    Map<GuestLimit, Long> effective = MachineLimits.of(noted);
    for (GuestLimit limit : wanted.keySet()) {
      limits.put(limit, effective.getOrDefault(limit, -1L));
    }
    if (wanted.containsKey(GuestLimit.VCPU_PERIOD) || wanted.containsKey(GuestLimit.VCPU_QUOTA)) {
      limits.putAll(time(effective));
    }
    new AskedAgain(life)
        .change(
            Subject.LIMITS,
            "",
            () -> {
              apply(limits);
              run.live(noted);
            });
  }

  private static Map<GuestLimit, Long> time(Map<GuestLimit, Long> effective) {
    Map<GuestLimit, Long> time = new EnumMap<>(GuestLimit.class);
    for (GuestLimit limit : new GuestLimit[] {GuestLimit.VCPU_PERIOD, GuestLimit.VCPU_QUOTA}) {
      Optional.ofNullable(effective.get(limit)).ifPresent(value -> time.put(limit, value));
    }
    return time;
  }

  /** Makes the limits again as the live definition says them. */
  void again() {
    Map<GuestLimit, Long> limits = MachineLimits.of(life.running().live().copy());
    if (isHeld()) {
      for (GuestLimit limit : ofHost().keySet()) {
        if (limit.isMemory() || limit == GuestLimit.VCPU_QUOTA) {
          limits.putIfAbsent(limit, -1L);
        }
      }
    }
    if (!limits.isEmpty()) {
      apply(limits);
    }
  }

  private void apply(Map<GuestLimit, Long> limits) {
    ActiveRun run = life.running();
    int pid = run.record().pid();
    String name = life.definition().name();
    MachineGroups.scope(pid).ifPresent(scope -> life.context().scopes().limit(name, scope, limits));
    try {
      MachineLimits.apply(run.record().uuid(), pid, limits);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "guest '" + name + "' is not limited: " + EngineException.reason(e), e);
    }
  }
}
