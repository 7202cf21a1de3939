package launcher.engine.qemu;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/**
 * Ports of a starting guest's displays, where the definition leaves them open: the lowest that
 * nobody listens at. Safe for use by several threads.
 */
final class LiveDisplays {
  private static final int FIRST = 5900;
  private static final int LAST = 65535;

  /** So long a port that was given counts as taken: QEMU may not listen yet. */
  private static final Duration RESERVED = Duration.ofSeconds(30);

  private final Map<Integer, Long> given = new HashMap<>();

  /** Says the ports in the tree; {@code -1} and 0 mean that one is to be chosen. */
  synchronized void fill(XmlElement live) {
    for (XmlElement graphics : live.childOrAdd("devices").children("graphics")) {
      boolean server = graphics.is("type", "vnc") || graphics.is("type", "spice");
      if (server && graphics.is("autoport", "yes")) {
        graphics.set("port", choose(graphics));
      }
    }
  }

  private int choose(XmlElement graphics) {
    String address = graphics.value("listen/@address", "127.0.0.1");
    return free(address)
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.FAILED, "no port from 5900 on is free at '" + address + "'"));
  }

  private OptionalInt free(String address) {
    long now = System.nanoTime();
    given.values().removeIf(since -> now - since > RESERVED.toNanos());
    for (int port = FIRST; port <= LAST; port++) {
      if (!given.containsKey(port) && isFree(address, port)) {
        given.put(port, now);
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(address))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
