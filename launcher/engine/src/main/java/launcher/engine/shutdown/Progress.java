package launcher.engine.shutdown;

import java.time.Duration;

/** Who is told how it goes: the person at the terminal, the service manager, the log. */
public interface Progress {
  /** A guest changed, in words: {@code 'web1': saved (2.1 s)}. */
  void told(String line);

  /**
   * It goes on for at least this long, and that is no hang (sd_notify(3), EXTEND_TIMEOUT_USEC).
   *
   * @param more from now on
   */
  void needs(Duration more);
}
