package launcher.engine.shutdown;

import java.time.Duration;

/**
 * A moment by the clock that only goes forward: while a host starts and stops, its calendar clock
 * is set, and no guest is to lose its time by that.
 *
 * @param nanos of {@link System#nanoTime}
 */
record Deadline(long nanos) {
  /** So long from now. */
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** How long until then, negative after it. */
  Duration left() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }

  /** Whether it is over. */
  boolean isOver() {
    return !left().isPositive();
  }

  /** Whether it comes after the other. */
  boolean isAfter(Deadline other) {
    return nanos - other.nanos > 0;
  }
}
