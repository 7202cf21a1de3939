package launcher.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Starts what starts with the host. */
final class AutomaticStart {
  /** More at once would only make each slower: a start is work for a processor. */
  private static final int AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

  private AutomaticStart() {}

  static List<String> of(Guests guests) {
    List<Guest> wanted =
        guests.list().stream()
            .filter(guest ->
                guest.persistent()
                    && !guest.foreign()
                    && guest.autostart()
                    && !guest.state().active())
            .toList();
    List<String> failures = new ArrayList<>();
    try (ExecutorService some =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> starts = new ArrayList<>();
      wanted.forEach(guest -> starts.add(some.submit(() -> guest.start(StartOptions.DEFAULT))));
      for (int i = 0; i < starts.size(); i++) {
        try {
          starts.get(i).get();
        } catch (ExecutionException e) {
          // somebody else may have started it meanwhile
          if (!wanted.get(i).state().active()) {
            failures.add("guest '" + wanted.get(i).name() + "': " + message(e));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add("interrupted");
    }
    return failures;
  }

  private static String message(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf((cause == null ? e : cause).getMessage());
  }
}
