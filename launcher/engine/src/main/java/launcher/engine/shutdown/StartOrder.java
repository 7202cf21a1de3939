package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which guests start with their host: the reverse of that in which its shutdown stops
 * them. Computed, nothing is touched.
 */
public final class StartOrder {
  private StartOrder() {}

  /**
   * Guests that may start at once, when those of the batches before have started.
   *
   * @param guests their UUIDs
   * @param pause before the next batch
   */
  public record Batch(List<String> guests, Duration pause) {
    public Batch {
      guests = List.copyOf(guests);
    }
  }

  /**
   * Guests of one order start at once, unless one needs another or the next is to wait.
   *
   * @param wanted who is to start
   * @param between two starts, for guests that say nothing of their own
   */
  public static List<Batch> of(List<Candidate> wanted, Duration between) {
    List<SuspendPlan.Planned> order = SuspendPlan.of(wanted, HostPolicy.USUAL).guests().reversed();
    List<Batch> batches = new ArrayList<>();
    List<SuspendPlan.Planned> batch = new ArrayList<>();
    for (SuspendPlan.Planned next : order) {
      if (!batch.isEmpty() && waits(next, batch, between)) {
        batches.add(batch(batch, between));
        batch.clear();
      }
      batch.add(next);
    }
    if (!batch.isEmpty()) {
      batches.add(batch(batch, between));
    }
    return batches;
  }

  private static boolean waits(
      SuspendPlan.Planned next, List<SuspendPlan.Planned> batch, Duration between) {
    return pause(batch.getLast(), between).isPositive()
        || order(next) != order(batch.getLast())
        || batch.stream().anyMatch(before -> before.after().contains(next.guest().uuid()));
  }

  private static int order(SuspendPlan.Planned guest) {
    return guest.guest().policy().order().orElse(0);
  }

  private static Duration pause(SuspendPlan.Planned guest, Duration between) {
    return guest.guest().policy().startDelay().orElse(between);
  }

  private static Batch batch(List<SuspendPlan.Planned> guests, Duration between) {
    return new Batch(
        guests.stream().map(guest -> guest.guest().uuid()).toList(),
        pause(guests.getLast(), between));
  }
}
