package launcher.engine.shutdown;

import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.bus.BusDescriptor;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import org.jspecify.annotations.Nullable;

/**
 * Holds logind's delay lock: the host's shutdown waits until the guests are safe, also on hosts
 * whose administrators enabled no unit for it (org.freedesktop.login1(5), "Inhibitor Locks").
 * logind waits no longer than its InhibitDelayMaxSec, five seconds where nobody changed it.
 */
public final class Inhibitor implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger("launcher.engine");
  private static final String SERVICE = "org.freedesktop.login1";
  private static final String OBJECT = "/org/freedesktop/login1";
  private static final String INTERFACE = "org.freedesktop.login1.Manager";

  /** Acts before the host goes down. */
  @FunctionalInterface
  public interface BeforeShutdown {
    /** Returns when the guests are safe. */
    void run() throws InterruptedException;
  }

  private final SystemBus bus;
  private final BeforeShutdown before;
  private @Nullable BusDescriptor lock;

  /**
   * @param bus where logind is
   * @param before what is done when the host is about to go down
   */
  public Inhibitor(SystemBus bus, BeforeShutdown before) {
    this.bus = bus;
    this.before = before;
  }

  /**
   * Takes the lock and listens; without logind on the bus it says so in the log, once, and does
   * nothing.
   */
  public void hold() {
    try {
      take();
      Consumer<List<Object>> prepare = values -> prepare(Boolean.TRUE.equals(values.getFirst()));
      bus.listen(INTERFACE, "PrepareForShutdown", prepare);
    } catch (BusException e) {
      LOG.log(Level.INFO, "no shutdown lock of logind: {0}, ignoring", e.getMessage());
    }
  }

  private synchronized void take() {
    List<Object> answer =
        bus.call(
            SERVICE,
            OBJECT,
            INTERFACE,
            "Inhibit",
            "ssss",
            "shutdown",
            "launcher",
            "Guests are being saved",
            "delay");
    lock = BusDescriptor.of(answer.getFirst());
  }

  /** The signal comes twice: when the host is about to go down, and when that was cancelled. */
  private void prepare(boolean goesDown) {
    Thread.ofPlatform().name("before shutdown").start(() -> answer(goesDown));
  }

  private void answer(boolean goesDown) {
    try {
      if (goesDown) {
        before.run();
        close();
      } else {
        take();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE, "the guests were not all saved before the shutdown: " + e.getMessage(), e);
      close();
    }
  }

  /** Lets the shutdown go on. */
  @Override
  public synchronized void close() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }
}
