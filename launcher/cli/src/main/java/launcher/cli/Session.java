package launcher.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.control.SocketPlace;

/** The way to the daemon: connected when first needed. */
public final class Session implements Closeable {
  private final Options options;
  private Optional<Client> client = Optional.empty();

  Session(Options options) {
    this.options = options;
  }

  /**
   * The connection; a plain user's daemon is started when there is none.
   *
   * @throws ControlException when no daemon answers and none can be started
   */
  public Client client() throws IOException {
    if (client.isEmpty()) {
      client = Optional.of(connect());
    }
    return client.get();
  }

  /** The connection to a daemon that is there; none is started. */
  public Optional<Client> clientIfRunning() throws IOException {
    if (client.isEmpty()) {
      client = Client.connect(place().socket());
    }
    return client;
  }

  private SocketPlace place() throws IOException {
    return SocketPlace.of(options.root(), System.getenv());
  }

  private Client connect() throws IOException {
    SocketPlace place = place();
    return Client.connect(place.socket())
        .orElseThrow(() ->
            new ControlException(
                Outcome.UNREACHABLE, "no launcher daemon listens on '" + place.socket() + "'"));
  }

  @Override
  public void close() throws IOException {
    if (client.isPresent()) {
      client.get().close();
    }
  }
}
