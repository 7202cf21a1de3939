package launcher.daemon;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.EngineException;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import launcher.engine.shutdown.HostShutdown;
import launcher.engine.shutdown.Inhibitor;
import launcher.engine.shutdown.Progress;
import launcher.engine.shutdown.SystemState;

/**
 * What the daemon does of itself about the host's shutdown and its next start: it holds logind's
 * lock, does not end before the guests are safe, and starts what a boot is to start. A unit that
 * calls {@code launcher guests} is no condition for any of it.
 */
final class ShutdownWatch implements Inhibitor.Reaction, Progress, AutoCloseable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** Of logind's patience so much is left for systemd to be told that the guests are safe. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private final HostShutdown shutdown;
  private final ServiceManager manager;
  private final SystemState system;
  private final Inhibitor inhibitor;

  ShutdownWatch(SystemBus bus, HostShutdown shutdown, ServiceManager manager) {
    this.shutdown = shutdown;
    this.manager = manager;
    this.system = new SystemState(bus);
    this.inhibitor = new Inhibitor(bus, this);
  }

  /** Takes the lock, on a thread of its own: a bus takes a moment to talk to. */
  void begin() {
    Thread.ofPlatform().name("shutdown lock").daemon().start(inhibitor::hold);
  }

  /**
   * Brings back what the last shutdown has suspended.
   *
   * @return false when the host is on its way down again: then nobody is to be started
   */
  boolean comeBack() {
    shutdown.prepare();
    if (system.goesDown().orElse(false)) {
      return false;
    }
    try {
      if (shutdown.hasPending()) {
        shutdown.resume(this);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (EngineException e) {
      LOG.log(Level.SEVERE, "guests of the last boot are not all back: " + e.getMessage(), e);
      return true;
    }
  }

  /** Whether the host is on its way down. */
  boolean leaves() {
    return shutdown.suspends() || system.goesDown().orElse(false);
  }

  /**
   * Where systemd ends the daemon it waits until the guests are safe, however long logind waits: it
   * is told how long that takes. Any other daemon ends with the host.
   */
  @Override
  public void before(Duration patience) throws InterruptedException {
    if (manager.isThere()) {
      shutdown.suspend(this);
    } else {
      shutdown.suspend(this, patience.minus(MARGIN));
    }
  }

  @Override
  public void cancelled() throws InterruptedException {
    log("the host stays up after all: guests come back");
    shutdown.resume(this);
  }

  /**
   * The daemon ends. When the host does too, the guests are saved first, whoever else was to see to
   * it; when only the daemon ends, no guest is touched.
   */
  @Override
  public void close() {
    try {
      if (leaves()) {
        shutdown.suspend(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (EngineException | BusException e) {
      log("the guests were not all saved before the shutdown: " + e.getMessage());
    }
    inhibitor.close();
  }

  /** At the daemon's end the logging of the JDK has ended already; systemd reads this stream. */
  static void log(String line) {
    System.err.println("INFO: " + line);
  }

  @Override
  public void told(String line) {
    // is logged already
  }

  @Override
  public void needs(Duration more) {
    manager.extend(more);
  }
}
