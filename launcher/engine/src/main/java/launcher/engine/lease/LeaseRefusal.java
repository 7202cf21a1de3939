package launcher.engine.lease;

import java.nio.file.Path;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.spawn.SpawnException;
import launcher.spawn.SpawnStep;

/** A lease that somebody holds, in the user's words: the disk and not the lock file. */
public final class LeaseRefusal {
  private LeaseRefusal() {}

  /**
   * The words; empty when the start failed at something else.
   *
   * @param live the definition of the guest that did not start
   */
  public static Optional<String> explain(XmlElement live, SpawnException failed) {
    if (failed.step() != SpawnStep.LEASE) {
      return Optional.empty();
    }
    Path file = Path.of(failed.object());
    Path folder = file.getParent();
    String object =
        folder == null
            ? failed.object()
            : new OfdLockManager(folder)
                .leases(live).stream()
                    .filter(lease -> lease.file().equals(file))
                    .map(DiskLease::object)
                    .findFirst()
                    .orElse(failed.object());
    String reason =
        failed.reason().replace("It is held by '", "is held by guest '").replace("It is", "is");
    return Optional.of(
        "Failed at step 'lease disk' starting guest '"
            + live.value("name", "")
            + "': '"
            + object
            + "' "
            + reason);
  }
}
