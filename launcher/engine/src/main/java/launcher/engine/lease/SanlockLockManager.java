package launcher.engine.lease;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.drivers.plan.LeaseStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.spawn.Bytes;
import launcher.spawn.Registration;

/**
 * Leases among hosts that share storage, by sanlock(8). The guest's own process registers with the
 * daemon before it runs, the lease is taken in its pid while it waits, and the daemon gives it back
 * when the process ends: its connection ends with it. On top of the leases of this host, which know
 * a disk by any of its names.
 */
public final class SanlockLockManager implements LockManager {
  /** Of the many names a digest may have: 48 bytes at most. */
  private static final int NAME = 40;

  private final OfdLockManager local;
  private final SanlockSettings settings;
  private final LeaseSteps steps;

  /** With the leases of this host, and what carries steps out. */
  public SanlockLockManager(OfdLockManager local, SanlockSettings settings, LeaseSteps steps) {
    this.local = local;
    this.settings = settings;
    this.steps = steps;
  }

  @Override
  public String name() {
    return "sanlock";
  }

  @Override
  public List<DiskLease> leases(XmlElement live) {
    return local.leases(live);
  }

  @Override
  public List<DiskLease> leases(String guest, XmlElement device) {
    return local.leases(guest, device);
  }

  @Override
  public void check(XmlElement live) {
    String wanted = live.value("on_lockfailure", "poweroff");
    if (!wanted.equals("poweroff")) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          "guest '"
              + live.value("name", "")
              + "' says <on_lockfailure>"
              + wanted
              + "</on_lockfailure>, but sanlock ends a guest that has lost its lease: say poweroff, or nothing");
    }
  }

  @Override
  public Plan hold(Plan plan, List<DiskLease> leases, String guest) {
    Plan held = OfdLockManager.locked(plan, leases, guest);
    Plan registered =
        held.with(
            held.command().toBuilder()
                .registration(
                    new Registration(
                        settings.daemon().resolve("sanlock.sock"),
                        Bytes.of(SanlockWords.greeting()),
                        Bytes.of(SanlockWords.answer())))
                .build());
    Map<Path, DiskLease> each = new LinkedHashMap<>();
    leases.forEach(lease -> each.merge(lease.file(), lease, (a, b) -> a.shared() ? b : a));
    List<Step> prepare = new ArrayList<>();
    List<Step> acquire = new ArrayList<>();
    for (DiskLease lease : each.values()) {
      prepare.addAll(prepare(lease, prepare.isEmpty()));
      acquire.add(acquire(lease, guest));
    }
    // sanlock knows more of who has it
    return registered
        .preparing(prepare)
        .holding(acquire)
        .holding(OfdLockManager.checks(leases, guest));
  }

  private List<Step> prepare(DiskLease lease, boolean first) {
    List<Step> prepare = new ArrayList<>();
    if (lease.target().isPresent()) {
      return prepare;
    }
    if (first) {
      prepare.add(
          new LeaseStep.JoinLockspace(
              settings.daemon(),
              SanlockSettings.LOCKSPACE,
              settings.lockspace(),
              settings.host(),
              settings.timeoutSeconds()));
    }
    prepare.add(
        new LeaseStep.MakeResource(
            settings.daemon(), SanlockSettings.LOCKSPACE, resource(lease), file(lease)));
    return prepare;
  }

  private LeaseStep.AcquireLease acquire(DiskLease lease, String guest) {
    return new LeaseStep.AcquireLease(
        settings.daemon(),
        lease.object(),
        new LeaseStep.Lockspace(SanlockSettings.LOCKSPACE, settings.lockspace(), settings.host()),
        words(lease),
        lease.target().isPresent() ? "" : file(lease) + ".holder",
        guest);
  }

  private static String resource(DiskLease lease) {
    return DiskKey.digest(lease.everywhere()).substring(0, NAME);
  }

  private Path file(DiskLease lease) {
    return settings.folder().resolve(resource(lease));
  }

  private String words(DiskLease lease) {
    String words =
        lease
            .target()
            .map(target ->
                SanlockWords.resource(
                    target.lockspace(), target.key(), target.path(), target.offset()))
            .orElseGet(() ->
                SanlockWords.resource(
                    SanlockSettings.LOCKSPACE, resource(lease), file(lease).toString(), 0));
    return lease.shared() ? words + ":SH" : words;
  }

  @Override
  public void take(DiskLease lease, LeaseHolder holder) {
    local.lock(lease, holder);
    try {
      for (Step step : prepare(lease, true)) {
        steps.carryOut((LeaseStep) step, holder.pid());
      }
      steps.carryOut(acquire(lease, holder.guest()), holder.pid());
    } catch (LeaseException e) {
      local.release(lease, holder);
      throw OfdLockManager.refused(lease, holder, e.reason(), e);
    } catch (EngineException e) {
      local.release(lease, holder);
      throw e;
    }
    refuseUsed(lease, holder);
  }

  private void refuseUsed(DiskLease lease, LeaseHolder holder) {
    try {
      local.refuseUsed(lease, holder);
    } catch (EngineException used) {
      release(lease, holder);
      throw used;
    }
  }

  @Override
  public void release(DiskLease lease, LeaseHolder holder) {
    try {
      steps.release(settings.daemon(), words(lease), holder.pid());
    } catch (LeaseException e) {
      throw OfdLockManager.refused(lease, holder, "is not given back: " + e.reason(), e);
    } finally {
      local.release(lease, holder);
    }
  }
}
