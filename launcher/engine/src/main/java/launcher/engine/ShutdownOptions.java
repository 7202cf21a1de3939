package launcher.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How a guest is shut down.
 *
 * @param mode how it is asked
 * @param patience how long to wait for its end; without one, asking is all
 * @param escalate whether it is powered off hard when the time is over
 */
public record ShutdownOptions(ShutdownMode mode, Optional<Duration> patience, boolean escalate) {
  /** Asks, and does not wait. */
  public static final ShutdownOptions ASK =
      new ShutdownOptions(ShutdownMode.ANY, Optional.empty(), false);

  /** Asks and waits; fails when it has not ended in time. */
  public static ShutdownOptions within(Duration patience) {
    return new ShutdownOptions(ShutdownMode.ANY, Optional.of(patience), false);
  }
}
