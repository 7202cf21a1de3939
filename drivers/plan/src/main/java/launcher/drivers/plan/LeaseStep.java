package launcher.drivers.plan;

import java.nio.file.Path;

/**
 * Steps that get a guest its leases of sanlock(8), which hold among all hosts that share the
 * storage. Nothing takes them back: sanlock gives a lease back when the guest's process ends.
 */
public sealed interface LeaseStep extends Step {
  /** The folder of the daemon's socket (SANLOCK_RUN_DIR). */
  Path daemon();

  @Override
  default String undo() {
    return "";
  }

  /**
   * Makes the lockspace where there is none, and has this host join it.
   *
   * @param lockspace its name, at most 48 bytes
   * @param file where it lies
   * @param host number of this host, 1 to 2000, another on every host
   * @param timeoutSeconds how long one read or write of the storage may take; 0 for sanlock's own
   */
  record JoinLockspace(Path daemon, String lockspace, Path file, int host, int timeoutSeconds)
      implements LeaseStep {
    @Override
    public String name() {
      return "join lockspace";
    }

    @Override
    public String object() {
      return file.toString();
    }
  }

  /** Makes a resource where there is none: the storage that a lease is written to. */
  record MakeResource(Path daemon, String lockspace, String resource, Path file)
      implements LeaseStep {
    @Override
    public String name() {
      return "make lease";
    }

    @Override
    public String object() {
      return file.toString();
    }
  }

  /**
   * Takes a lease in the name of the process that is held.
   *
   * @param object what it is for, in the user's words: the disk's path, the lease's key
   * @param lockspace where the holder is looked up: name, and file
   * @param resource sanlock's words for it: {@code lockspace:name:path:offset}, with {@code :SH}
   *     for a shared one
   * @param note a file beside the lease that says who holds it; empty for none
   */
  record AcquireLease(
      Path daemon, String object, Lockspace lockspace, String resource, String note, String guest)
      implements LeaseStep {
    @Override
    public String name() {
      return "lease disk";
    }
  }

  /**
   * A lockspace.
   *
   * @param name its name
   * @param file where it lies
   * @param host number of this host in it
   */
  record Lockspace(String name, Path file, int host) {}
}
