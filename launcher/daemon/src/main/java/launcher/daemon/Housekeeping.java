package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gives back to the host, once the daemon is quiet, what coming up or a burst of requests has left:
 * garbage of the heap and pages of files that are not used any more. The daemon waits most of its
 * life, and what it holds meanwhile is missing to the guests.
 */
final class Housekeeping {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");
  private static final Path SIZES = Path.of("/proc/self/statm");

  /** Nobody came or left for that long. */
  private static final Duration CALM = Duration.ofSeconds(3);

  /**
   * Less is left where it is: what a usual act touches stays, or each act after a pause would wait
   * for its pages, some milliseconds.
   */
  private static final long WORTH_IT_BYTES = 6 << 20;

  private static final long PAGE_BYTES =
      4096; // what /proc counts in on x86_64; an estimate elsewhere

  private final Idleness idleness;
  private long residentAfter;

  Housekeeping(Idleness idleness) {
    this.idleness = idleness;
  }

  /** Tidies now, and whenever the daemon has been busy; until it is interrupted. */
  void run() throws InterruptedException {
    try {
      tidy();
      long seen = 0;
      while (true) {
        seen = idleness.awaitCalm(seen, CALM);
        if (resident() > residentAfter + WORTH_IT_BYTES) {
          tidy();
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no memory is given back: " + e.getMessage() + ", ignoring");
    }
  }

  private void tidy() throws IOException {
    System.gc();
    FilePages.drop();
    residentAfter = resident();
  }

  /** The second number of statm (proc_pid_statm(5)). */
  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(SIZES).split(" ")[1]) * PAGE_BYTES;
  }
}
