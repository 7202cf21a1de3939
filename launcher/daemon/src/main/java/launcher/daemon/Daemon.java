package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.SocketPlace;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import launcher.engine.shutdown.HostShutdown;

/** A daemon that serves: the engine, the socket, the clients. */
final class Daemon implements Closeable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** An act never waits longer for a client that does not read what it is told. */
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

  /**
   * So long a thread waits for the next client; a hundred that wait are ten megabytes of stacks.
   */
  private static final long SPARE_SECONDS = 5;

  private final Engine engine;
  private final ServerSocket socket;
  private final Idleness idleness;
  private final Listener listener;
  private final ExecutorService workers;
  private final Thread starting;
  private final ShutdownWatch watch;
  private final ServiceManager manager;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Daemon(
      Engine engine,
      ServerSocket socket,
      Idleness idleness,
      Listener listener,
      ExecutorService workers,
      Thread starting,
      ShutdownWatch watch,
      ServiceManager manager) {
    this.engine = engine;
    this.socket = socket;
    this.idleness = idleness;
    this.listener = listener;
    this.workers = workers;
    this.starting = starting;
    this.watch = watch;
    this.manager = manager;
  }

  /** Listens; clients wait until {@link #serve}. */
  static Daemon open(SocketPlace place, DaemonOptions options) throws IOException {
    Folders folders = folders(place, options);
    DaemonSettings settings = DaemonSettings.read(folders.configuration());
    Engine engine = Engine.open(folders);
    engine.found().forEach(EventLog.INSTANCE);
    AutoCloseable _ = engine.listen(EventLog.INSTANCE);
    ServerSocket socket = ServerSocket.open(place.socket(), System.getenv());
    HostShutdown shutdown = HostShutdown.of(engine, ShutdownWatch::log);
    ServiceManager manager = ServiceManager.of(System.getenv());
    ShutdownWatch watch = new ShutdownWatch(engine.bus(), shutdown, manager);
    Boot boot = Boot.of(place.runtime());
    Thread starting =
        Thread.ofPlatform()
            .name("autostart")
            .daemon()
            .unstarted(
                () -> boot.start(engine, watch::comeBack, shutdown::startDelay, watch::leaves));
    Idleness idleness =
        new Idleness(options.patience(), () -> starting.isAlive() || hasActive(engine));
    ThreadFactory threads = Thread.ofPlatform().name("client-", 1).daemon().factory();
    ExecutorService workers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            SPARE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            threads);
    AccessRule rule =
        new PeerRule(
            SocketPlace.uid(),
            settings.group(),
            new GroupMembers(Path.of("/etc/group"), settings.group()),
            settings.othersMayRead());
    Handlers handlers = Families.all(engine, shutdown);
    Service service = new Service(Version.text(), restart(), handlers, rule, Failures::meaning);
    return new Daemon(
        engine,
        socket,
        idleness,
        new Listener(socket.channel(), service, workers, idleness, LONGEST_WRITE),
        workers,
        starting,
        watch,
        manager);
  }

  /** How a person ends this daemon; the next command, or systemd, starts another. */
  private static String restart() {
    return System.getenv("NOTIFY_SOCKET") == null
        ? "kill " + ProcessHandle.current().pid()
        : "systemctl restart launcher.service";
  }

  /** The engine's folders; what lives until the next boot lies beside the socket. */
  private static Folders folders(SocketPlace place, DaemonOptions options) throws IOException {
    Folders usual =
        options.root().isPresent()
            ? Folders.under(options.root().get())
            : Folders.ofEnvironment(System.getenv(), SocketPlace.uid());
    return new Folders(
        usual.configuration(), place.runtime(), usual.state(), usual.logs(), usual.cache());
  }

  private static boolean hasActive(Engine engine) {
    return engine.hasActiveNetworks()
        || engine.guests().list().stream().anyMatch(guest -> guest.state().active());
  }

  /** Serves until nobody needs the daemon. */
  void serve() throws InterruptedException {
    manager.ready("serving");
    manager.stayAlive(System.getenv());
    Thread.ofPlatform().name("listener").daemon().start(this::listen);
    watch.begin();
    starting.start();
    Thread.ofPlatform().name("housekeeping").daemon().start(this::warmUpAndTidy);
    idleness.await();
    LOG.info("no client and no guest, leaving");
  }

  /** A failure to warm up is told by the first act, which does the same. */
  private void warmUpAndTidy() {
    try {
      engine.warmUp();
    } catch (EngineException e) {
      LOG.log(Level.FINE, "no warm-up", e);
    }
    try {
      new Housekeeping(idleness).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    watch.close();
    try {
      socket.forget();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the socket file stays, ignoring", e);
    }
    workers.shutdown();
    engine.close();
  }
}
