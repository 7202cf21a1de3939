package launcher.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/**
 * Tells systemd how the daemon is (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET
 * names. Without one, nothing is told.
 *
 * @param socket the value of NOTIFY_SOCKET; empty when no service manager wants to know
 */
record ServiceManager(String socket) {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** The one of this process. */
  static ServiceManager of(Map<String, String> environment) {
    return new ServiceManager(environment.getOrDefault("NOTIFY_SOCKET", ""));
  }

  /** Ready to serve. */
  void ready(String status) {
    tell("READY=1\nSTATUS=" + status + "\n");
  }

  /**
   * Says again and again that the daemon is alive, where systemd wants to hear it (WatchdogSec=): a
   * daemon that hangs is ended and started again, which touches no guest, instead of keeping a
   * shutdown of the host from saving them.
   */
  void stayAlive(Map<String, String> environment) {
    String interval = environment.getOrDefault("WATCHDOG_USEC", "");
    if (!interval.matches("[1-9][0-9]{0,15}")) {
      return;
    }
    long third = Long.parseLong(interval) / 3;
    var unused =
        Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("watchdog").daemon().factory())
            .scheduleAtFixedRate(() -> tell("WATCHDOG=1\n"), 0, third, TimeUnit.MICROSECONDS);
  }

  /** About to end. */
  void stopping() {
    tell("STOPPING=1\n");
  }

  /** The start or stop under way needs so much longer, and is no hang. */
  void extend(Duration more) {
    tell("EXTEND_TIMEOUT_USEC=" + more.toMillis() * 1000 + "\n");
  }

  /** Whether there is one, which lets the daemon end before the host does. */
  boolean isThere() {
    return !socket.isEmpty();
  }

  private void tell(String text) {
    if (socket.isEmpty()) {
      return;
    }
    // A name that begins with @ is in the abstract namespace (unix(7)).
    String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
      channel.send(
          ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), new UnixSocketAddress(path));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "systemd was not told '" + text.strip() + "', ignoring", e);
    }
  }
}
