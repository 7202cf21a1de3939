package launcher.daemon;

import java.time.Duration;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Numbers that a client says, refused where they mean nothing. */
final class Amounts {
  /** More than thirty years, and far from where sums of nanoseconds overflow. */
  private static final long MOST_SECONDS = 1_000_000_000;

  /** Longer than anybody waits. */
  static final Duration FOR_EVER = Duration.ofSeconds(MOST_SECONDS);

  private Amounts() {}

  /**
   * A number of at least 0, if it is said.
   *
   * @throws ControlException when it is less, or more than {@code most}
   */
  static Optional<Long> count(Members said, String name, long most) {
    Optional<Long> count = said.findWhole(name);
    if (count.isPresent() && (count.get() < 0 || count.get() > most)) {
      throw new ControlException(
          Outcome.USAGE, "'" + name + "' is a number from 0 to " + most + ", not " + count.get());
    }
    return count;
  }

  /** A time in seconds, if it is said. */
  static Optional<Duration> seconds(Members said, String name) {
    return count(said, name, MOST_SECONDS).map(Duration::ofSeconds);
  }
}
