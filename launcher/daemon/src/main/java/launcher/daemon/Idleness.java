package launcher.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Knows when nobody needs the daemon: no client, and nothing of the engine's, for some time. */
final class Idleness {
  private final Duration patience;
  private final BooleanSupplier needed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int clients;
  private long changes;

  /**
   * Makes one.
   *
   * @param patience how long nobody must have needed it
   * @param needed whether the engine needs it: a guest runs
   */
  Idleness(Duration patience, BooleanSupplier needed) {
    this.patience = patience;
    this.needed = needed;
  }

  /** A client came or left. */
  void clients(int count) {
    lock.lock();
    try {
      clients = count;
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when clients have come or left and then none did for some time.
   *
   * @param seen what the call before returned; 0 for the first
   */
  long awaitCalm(long seen, Duration calm) throws InterruptedException {
    lock.lock();
    try {
      while (changes == seen) {
        changed.await();
      }
      long last;
      do {
        last = changes;
      } while (changed.await(calm.toMillis(), TimeUnit.MILLISECONDS) || last != changes);
      return last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when there was no client for the whole time of patience and the engine needs nothing.
   */
  void await() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        boolean quiet = clients == 0;
        boolean somethingChanged = changed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (quiet && !somethingChanged && !needed.getAsBoolean()) {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
