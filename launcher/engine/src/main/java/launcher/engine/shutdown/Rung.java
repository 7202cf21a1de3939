package launcher.engine.shutdown;

import java.time.Duration;

/**
 * One try of a ladder: when it has not succeeded by its deadline, the next rung is taken.
 *
 * @param act what is tried
 * @param deadline how long it may take, more than zero
 */
public record Rung(Act act, Duration deadline) {
  public Rung {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "The deadline of '" + act.word() + "' is not more than zero");
    }
  }

  @Override
  public String toString() {
    return act.word() + " " + deadline.toSeconds() + "s";
  }
}
