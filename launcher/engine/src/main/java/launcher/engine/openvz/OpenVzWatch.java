package launcher.engine.openvz;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import launcher.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * What OpenVZ's containers do. OpenVZ tells nobody, so it is asked: every few seconds while this
 * host has containers, and right after each act of ours.
 */
final class OpenVzWatch {
  private static final Duration PERIOD = Duration.ofSeconds(3);

  private final OpenVzTools tools;
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
  private volatile Map<String, String> states = Map.of();
  private volatile @Nullable Thread thread;

  OpenVzWatch(OpenVzTools tools) {
    this.tools = tools;
  }

  /** The status of a container as last seen, empty when there is none. */
  String status(String guest) {
    return states.getOrDefault(guest, "");
  }

  static boolean runs(String status) {
    return status.equals("running") || status.equals("suspended") || status.equals("paused");
  }

  /** Asks now. */
  synchronized void refresh() {
    states = Map.copyOf(tools.states());
    held.forEach((guest, ended) -> {
      if (!runs(status(guest))) {
        held.remove(guest);
        ended.complete(null);
      }
    });
  }

  /** Completed when the container no longer runs. */
  CompletableFuture<Void> end(String guest) {
    return held.computeIfAbsent(guest, name -> new CompletableFuture<>());
  }

  /**
   * During an act of ours a container may seem ended that is only being started anew.
   *
   * @param act run while nobody looks
   */
  synchronized void unseen(Runnable act) {
    try {
      act.run();
    } finally {
      refresh();
    }
  }

  synchronized void start(Runnable changed) {
    if (thread == null && tools.present()) {
      thread = Thread.ofPlatform().daemon().name("openvz").start(() -> work(changed));
    }
  }

  private void work(Runnable changed) {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PERIOD.toNanos());
      try {
        refresh();
        // each time: an act's own look may have seen a change that nobody was told of
        changed.run();
      } catch (EngineException unanswered) {
        // vzlist fails while OpenVZ's own service starts or stops
        LockSupport.parkNanos(PERIOD.toNanos());
      }
    }
  }

  void stop() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      thread = null;
    }
  }
}
