package launcher.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.control.SocketPlace;

/** The way to the daemon: connected when first needed. */
public final class Session implements Closeable {
  private final Options options;
  private volatile Optional<Client> client = Optional.empty();
  private volatile boolean interrupted;

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
      KernelRandom.prepareSockets();
      client = Client.connect(place().socket());
    }
    return client;
  }

  /**
   * Asks that what is under way is given up; by any thread.
   *
   * @return false when nothing was asked for yet
   */
  boolean cancel() throws IOException {
    interrupted = true;
    Optional<Client> connected = client;
    if (connected.isPresent()) {
      connected.get().cancel();
    }
    return connected.isPresent();
  }

  /** The same for what was begun since, if it was asked for before. */
  void cancelIfInterrupted() {
    if (interrupted) {
      try {
        cancel();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether it was asked that what is under way is given up. */
  boolean interrupted() {
    return interrupted;
  }

  /** Whether any guest was left running by a daemon, as far as files tell. */
  boolean hasRuns() throws IOException {
    Path runs = place().runtime().resolve("runs");
    if (!Files.isDirectory(runs)) {
      return false;
    }
    try (Stream<Path> records = Files.list(runs)) {
      return records.findAny().isPresent();
    }
  }

  /** Where the daemon listens, or would. */
  Path socket() throws IOException {
    return place().socket();
  }

  /** Connects anew, to a daemon that is started here where none answers, whoever usually does. */
  void startDaemon() throws IOException {
    close();
    client = Optional.of(new DaemonStart(place(), options.root()).connect());
  }

  private SocketPlace place() throws IOException {
    return options.system()
        ? SocketPlace.ofSystem()
        : SocketPlace.of(options.root(), System.getenv());
  }

  private Client connect() throws IOException {
    Optional<Client> running = clientIfRunning();
    if (running.isPresent()) {
      return running.get();
    }
    SocketPlace place = place();
    if (isSystemd() || options.system() && SocketPlace.uid() != 0) {
      throw new ControlException(
          Outcome.UNREACHABLE,
          "no launcher daemon listens on '"
              + place.socket()
              + "': systemctl start launcher.socket");
    }
    return new DaemonStart(place, options.root()).connect();
  }

  /** A daemon of the system is systemd's child and not ours, where systemd runs (sd_booted(3)). */
  private boolean isSystemd() throws IOException {
    return options.root().isEmpty()
        && SocketPlace.uid() == 0
        && Files.isDirectory(Path.of("/run/systemd/system"));
  }

  @Override
  public void close() throws IOException {
    if (client.isPresent()) {
      client.get().close();
      client = Optional.empty();
    }
  }
}
