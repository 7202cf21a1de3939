package launcher.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import launcher.engine.shutdown.EngineActs;
import launcher.engine.shutdown.StartOrder;

/** Starts what starts with the host, in the order that the guests' own policies say. */
final class AutomaticStart {
  /** More at once would only make each slower: a start is work for a processor. */
  private static final int AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

  private final Map<String, Guest> wanted = new HashMap<>();
  private final List<String> failures = new ArrayList<>();

  private AutomaticStart(Guests guests) {
    for (Guest guest : guests.list()) {
      if (guest.persistent() && !guest.foreign() && guest.autostart() && !guest.state().active()) {
        wanted.put(guest.uuid(), guest);
      }
    }
  }

  /**
   * Starts them.
   *
   * @param between two starts, for guests that say nothing of their own
   * @param enough asked before guests that have to wait for others: true when the host goes down
   * @return what became of each that did not start, in words
   */
  static List<String> of(Guests guests, Duration between, BooleanSupplier enough) {
    AutomaticStart start = new AutomaticStart(guests);
    try (ExecutorService some =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().factory())) {
      start.inOrder(some, between, enough);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      start.failures.add("interrupted");
    }
    return start.failures;
  }

  private void inOrder(ExecutorService some, Duration between, BooleanSupplier enough)
      throws InterruptedException {
    Duration pause = Duration.ZERO;
    boolean first = true;
    for (StartOrder.Batch batch :
        StartOrder.of(wanted.values().stream().map(EngineActs::candidate).toList(), between)) {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      if (!first && enough.getAsBoolean()) {
        failures.add("the host goes down again: the others are left for its next boot");
        return;
      }
      first = false;
      atOnce(some, batch.guests());
      pause = batch.pause();
    }
  }

  private void atOnce(ExecutorService some, List<String> uuids) throws InterruptedException {
    Map<Guest, Future<?>> starts = new HashMap<>();
    for (String uuid : uuids) {
      Guest guest = wanted.get(uuid);
      if (guest != null) {
        starts.put(guest, some.submit(() -> guest.start(StartOptions.DEFAULT)));
      }
    }
    for (Map.Entry<Guest, Future<?>> started : starts.entrySet()) {
      Guest guest = started.getKey();
      try {
        started.getValue().get();
      } catch (ExecutionException e) {
        // somebody else may have started it meanwhile
        if (!guest.state().active()) {
          failures.add("guest '" + guest.name() + "': " + message(e));
        }
      }
    }
  }

  private static String message(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf((cause == null ? e : cause).getMessage());
  }
}
