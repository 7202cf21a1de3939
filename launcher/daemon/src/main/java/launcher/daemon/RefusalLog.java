package launcher.daemon;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Logs who was refused what, of each user one line a second: nobody who is refused can fill the
 * disk that the log lies on.
 */
final class RefusalLog {
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  /** The user who was quiet for longest is forgotten first. */
  private static final int MOST_USERS = 1000;

  private final LongSupplier clock;
  private final Consumer<String> log;
  private final Map<Integer, Last> lastOfUser = new LinkedHashMap<>();

  /**
   * When a user's last line was logged.
   *
   * @param nanos then, by the clock
   * @param unsaid how often the user was refused since
   */
  private record Last(long nanos, long unsaid) {}

  /**
   * Makes one.
   *
   * @param clock in nanoseconds, as {@link System#nanoTime}
   * @param log takes each line
   */
  RefusalLog(LongSupplier clock, Consumer<String> log) {
    this.clock = clock;
    this.log = log;
  }

  /** Logs it, or counts it for the user's next line. */
  synchronized void refused(Peer peer, String what, String reason) {
    long now = clock.getAsLong();
    Last last = lastOfUser.remove(peer.uid());
    if (last != null && now - last.nanos() < PAUSE_NANOS) {
      lastOfUser.put(peer.uid(), new Last(last.nanos(), last.unsaid() + 1));
      return;
    }
    lastOfUser.put(peer.uid(), new Last(now, 0));
    if (lastOfUser.size() > MOST_USERS) {
      lastOfUser.remove(lastOfUser.keySet().iterator().next());
    }
    String before =
        last == null || last.unsaid() == 0 ? "" : ", and " + last.unsaid() + " times before";
    log.accept(
        "refused "
            + what
            + " to pid "
            + peer.pid()
            + " of uid "
            + peer.uid()
            + ": "
            + reason
            + before);
  }
}
