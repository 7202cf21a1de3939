package launcher.daemon;

import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.GuestEvent;

/** Writes into the daemon's log what became of guests. */
enum EventLog implements Consumer<GuestEvent> {
  INSTANCE;

  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  @Override
  public void accept(GuestEvent event) {
    switch (event.kind()) {
      case "lifecycle", "core-dump", "watchdog", "io-error" ->
          LOG.log(Level.INFO, "guest ''{0}'': {1}", words(event));
      case "unreadable" ->
          LOG.log(Level.WARNING, "''{0}'' cannot be read: {1}, ignoring", words(event));
      case "leftover" ->
          LOG.log(Level.WARNING, "guest ''{0}'' leaves: {1}, ignoring", words(event));
      case "failure" -> LOG.log(Level.WARNING, "guest ''{0}'': {1}, ignoring", words(event));
      default -> {
        // what a guest does all day is for those who listen
      }
    }
  }

  // one line of the log each, whatever the guest's name is
  private static Object[] words(GuestEvent event) {
    return new Object[] {line(event.guest()), line(event.detail())};
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
