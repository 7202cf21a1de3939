package launcher.engine.shutdown;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one guest.
 *
 * @param guest its name
 * @param did what succeeded, in a word or two: {@code saved}, {@code resumed, paused}; empty where
 *     nothing did
 * @param why each thing that failed on the way, empty where none did
 * @param took how long it took
 */
public record Outcome(String guest, Optional<String> did, String why, Duration took) {
  /** Whether the guest is as it should be. */
  public boolean succeeded() {
    return did.isPresent();
  }

  @Override
  public String toString() {
    String time = String.format(Locale.ROOT, " (%.1f s)", took.toMillis() / 1000.0);
    String end = did.map(d -> d + time).orElse("failed" + time);
    return "'" + guest + "': " + end + (why.isEmpty() ? "" : ": " + why);
  }
}
