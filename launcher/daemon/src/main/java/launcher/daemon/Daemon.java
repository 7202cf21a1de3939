package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import jnr.posix.POSIX;
import launcher.control.SocketPlace;

/** A daemon that serves: the engine, the socket, the clients. */
final class Daemon implements Closeable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  private final ServerSocket socket;
  private final Idleness idleness;
  private final Listener listener;
  private final ExecutorService workers;
  private final ServiceManager manager = ServiceManager.of(System.getenv());
  private final AtomicBoolean closed = new AtomicBoolean();

  private Daemon(
      ServerSocket socket, Idleness idleness, Listener listener, ExecutorService workers) {
    this.socket = socket;
    this.idleness = idleness;
    this.listener = listener;
    this.workers = workers;
  }

  /** Listens; clients wait until {@link #serve}. */
  static Daemon open(SocketPlace place, DaemonOptions options, POSIX posix) throws IOException {
    ServerSocket socket = ServerSocket.open(place.socket(), System.getenv(), posix);
    Idleness idleness = new Idleness(options.patience(), () -> false);
    ThreadFactory threads = Thread.ofPlatform().name("client-", 1).daemon().factory();
    ExecutorService workers = Executors.newCachedThreadPool(threads);
    AccessRule rule =
        new PeerRule(posix.geteuid(), new GroupMembers(Path.of("/etc/group"), "launcher"), true);
    Service service = new Service(Version.text(), Families.all(), rule, Failures::meaning);
    return new Daemon(
        socket, idleness, new Listener(socket.channel(), service, workers, idleness), workers);
  }

  /** Serves until nobody needs the daemon. */
  void serve() throws InterruptedException {
    manager.ready("serving");
    Thread.ofPlatform().name("listener").daemon().start(this::listen);
    idleness.await();
    LOG.info("no client and no guest, leaving");
  }

  private void listen() {
    try {
      listener.run();
    } catch (IOException e) {
      if (!closed.get()) {
        LOG.log(Level.SEVERE, "the socket is lost: " + e.getMessage(), e);
        System.exit(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    manager.stopping();
    try {
      socket.forget();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the socket file stays, ignoring", e);
    }
    workers.shutdown();
  }
}
