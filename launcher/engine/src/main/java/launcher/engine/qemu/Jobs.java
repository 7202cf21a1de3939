package launcher.engine.qemu;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import launcher.engine.qmp.QmpEvent;

/** Lets acts wait for an event of their guest: a device that is gone, a migration that is done. */
public final class Jobs {
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();

  private record Waiter(Predicate<QmpEvent> wanted, CompletableFuture<QmpEvent> met) {}

  /** A promise of the next event that fits; ask for it before causing the event. */
  public CompletableFuture<QmpEvent> next(Predicate<QmpEvent> wanted) {
    Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
    waiters.add(waiter);
    // whoever gives up cancels it
    var unused = waiter.met().whenComplete((event, failure) -> waiters.remove(waiter));
    return waiter.met();
  }

  /** Who waits may wait for what was said while nobody listened. */
  void lost(String why) {
    waiters.forEach(waiter -> waiter.met().completeExceptionally(new IOException(why)));
  }

  void event(QmpEvent event) {
    for (Waiter waiter : waiters) {
      if (waiter.wanted().test(event)) {
        waiter.met().complete(event);
      }
    }
  }
}
