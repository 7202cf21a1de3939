package launcher.engine.lease;

import java.nio.file.Path;
import java.util.Optional;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.LeaseStep;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;
import launcher.spawn.SpawnException;
import launcher.spawn.SpawnStep;
import org.jspecify.annotations.Nullable;

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
            : LeasedDevices.of(live, folder).stream()
                .filter(lease -> lease.file().equals(file))
                .map(DiskLease::object)
                .findFirst()
                .orElse(failed.object());
    String reason =
        failed.reason().replace("It is held by '", "is held by guest '").replace("It is", "is");
    return Optional.of(words("lease disk", live, object, reason));
  }

  /** The words of a later lease; empty when the start failed at something else. */
  public static Optional<String> explain(XmlElement live, Step step, @Nullable Throwable cause) {
    if (step instanceof IsolationStep.CheckUnused && cause != null) {
      return Optional.of(
          words(step.name(), live, step.object(), String.valueOf(cause.getMessage())));
    }
    return step instanceof LeaseStep && cause instanceof LeaseException refused
        ? Optional.of(words(step.name(), live, step.object(), refused.reason()))
        : Optional.empty();
  }

  private static String words(String step, XmlElement live, String object, String reason) {
    return "Failed at step '"
        + step
        + "' starting guest '"
        + live.value("name", "")
        + "': '"
        + object
        + "' "
        + reason;
  }
}
