package launcher.daemon;

import java.time.Duration;
import java.util.logging.Logger;
import launcher.engine.shutdown.Progress;

/** Where it is told how the guests fare when logind, and no client, had them suspended. */
enum ShutdownLog implements Progress {
  /** The daemon's log. */
  INSTANCE;

  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  @Override
  public void told(String line) {
    LOG.info(line);
  }

  @Override
  public void needs(Duration more) {
    // logind waits as long as its own configuration says, whatever it is told
  }
}
