package launcher.engine.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandBuilder;
import launcher.spawn.LeaseFile;
import launcher.spawn.libc.Calls.FileLock;

/**
 * Leases of this host: OFD locks (fcntl(2)) on files of one folder, taken by the guest's own
 * process before it runs and inherited by its program. The kernel gives them back at its death; a
 * dead daemon changes nothing.
 */
public final class OfdLockManager implements LockManager {
  private final Path folder;

  /** With the folder of the lock files, which exists when the guest starts. */
  public OfdLockManager(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "ofd";
  }

  @Override
  public List<DiskLease> leases(XmlElement live) {
    return LeasedDevices.of(live, folder);
  }

  @Override
  public List<DiskLease> leases(String guest, XmlElement device) {
    return LeasedDevices.of(guest, device, folder);
  }

  /**
   * In the order of the files' names, and each once: a guest that names one disk twice holds it
   * once.
   */
  @Override
  public Plan hold(Plan plan, List<DiskLease> leases, String guest) {
    return locked(plan, leases, guest).holding(checks(leases, guest));
  }

  /** The lease files alone. */
  static Plan locked(Plan plan, List<DiskLease> leases, String guest) {
    CommandBuilder builder = plan.command().toBuilder();
    String holder = guest.replace('\n', ' ');
    Set<Path> files = new TreeSet<>();
    for (DiskLease lease : leases) {
      if (files.add(lease.file())) {
        boolean shared =
            leases.stream()
                .filter(same -> same.file().equals(lease.file()))
                .allMatch(DiskLease::shared);
        builder.lease(new LeaseFile(lease.file(), shared, holder));
      }
    }
    return plan.with(builder.build());
  }

  /** What others have who lease nothing here. */
  static List<Step> checks(List<DiskLease> leases, String guest) {
    List<Step> checks = new ArrayList<>();
    for (DiskLease lease : leases) {
      lease
          .image()
          .ifPresent(image ->
              checks.add(
                  new IsolationStep.CheckUnused(image, lease.shared(), guest, lease.object())));
    }
    return checks;
  }

  @Override
  public void take(DiskLease lease, LeaseHolder holder) {
    lock(lease, holder);
    refuseUsed(lease, holder);
  }

  /** The lease file alone. */
  void lock(DiskLease lease, LeaseHolder holder) {
    try {
      FileLock wanted = lease.shared() ? FileLock.SHARED : FileLock.EXCLUSIVE;
      // a disk that went and comes back: the guest still has the file open
      if (HeldLease.lock(lease.file(), holder.pid(), wanted)) {
        LockedFile.sign(lease, holder);
      } else {
        LockedFile.lend(lease, holder);
      }
    } catch (IOException e) {
      throw refused(lease, holder, String.valueOf(e.getMessage()), e);
    }
  }

  /** Gives it back when somebody else has the disk. */
  void refuseUsed(DiskLease lease, LeaseHolder holder) {
    try {
      if (lease.image().isPresent()) {
        ImageUsers.refuse(lease.image().get(), lease.shared(), holder.pid());
      }
    } catch (IOException used) {
      release(lease, holder);
      throw refused(lease, holder, String.valueOf(used.getMessage()), used);
    }
  }

  @Override
  public void release(DiskLease lease, LeaseHolder holder) {
    try {
      holder.drop(LockedFile.name(lease));
      HeldLease.unlock(lease.file(), holder.pid());
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "guest '"
              + holder.guest()
              + "' keeps its lease of '"
              + lease.object()
              + "' until it ends: "
              + e.getMessage(),
          e);
    }
  }

  static EngineException refused(
      DiskLease lease, LeaseHolder holder, String reason, Throwable cause) {
    return new EngineException(
        Kind.FAILED,
        "Failed at step 'lease disk' of guest '"
            + holder.guest()
            + "': '"
            + lease.object()
            + "' "
            + reason,
        cause);
  }
}
