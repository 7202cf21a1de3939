package launcher.engine.network;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells of what happens to networks, whoever listens, and the log. */
final class NetworkEvents implements NetworkLife.Teller {
  private static final Logger LOG = Logger.getLogger("launcher.network");

  private final List<Consumer<NetworkEvent>> listeners = new CopyOnWriteArrayList<>();

  void listen(Consumer<NetworkEvent> listener) {
    listeners.add(listener);
  }

  void unlisten(Consumer<NetworkEvent> listener) {
    listeners.remove(listener);
  }

  @Override
  public void tell(String network, String kind, String detail) {
    LOG.log(Level.INFO, "network ''{0}'': {1}", new Object[] {network, detail});
    NetworkEvent event = new NetworkEvent(Instant.now(), network, kind, detail);
    listeners.forEach(listener -> listener.accept(event));
  }
}
