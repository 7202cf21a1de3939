package launcher.engine.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.StartTiming;

/** Takes the time of each step of one start; for one thread. */
public final class StepClock {
  private final List<StartTiming> timings = new ArrayList<>();
  private long last = System.nanoTime();

  /** The step that began where the one before ended is over. */
  public void ended(String step) {
    long now = System.nanoTime();
    timings.add(new StartTiming(step, Duration.ofNanos(now - last)));
    last = now;
  }

  /** All steps so far, in their order. */
  public List<StartTiming> timings() {
    return List.copyOf(timings);
  }
}
