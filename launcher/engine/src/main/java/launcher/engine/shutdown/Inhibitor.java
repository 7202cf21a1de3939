package launcher.engine.shutdown;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** The value in a variant, whose text begins with its type. */
  private static final Pattern NUMBER = Pattern.compile("\\d+(?=\\D*$)");

  /** What is done about the host's shutdown. */
  public interface Reaction {
    /**
     * The host is about to go down; returns when the guests are safe.
     *
     * @param patience how long logind waits
     */
    void before(Duration patience) throws InterruptedException;

    /** It stays up after all. */
    void cancelled() throws InterruptedException;
  }

  /** What logind waits where its configuration says nothing (logind.conf(5)). */
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);

  private final SystemBus bus;
  private final Reaction reaction;
  private @Nullable BusDescriptor lock;

  /**
   * @param bus where logind is
   * @param reaction what is done when the host is about to go down
   */
  public Inhibitor(SystemBus bus, Reaction reaction) {
    this.bus = bus;
    this.reaction = reaction;
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
    close();
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

  private String property(String name) {
    return bus.call(
            SERVICE, OBJECT, "org.freedesktop.DBus.Properties", "Get", "ss", INTERFACE, name)
        .getFirst()
        .toString();
  }

  private boolean isPreparing() {
    return property("PreparingForShutdown").contains("true");
  }

  /** How long logind waits before it goes on without us. */
  private Duration patience() {
    try {
      Matcher number = NUMBER.matcher(property("InhibitDelayMaxUSec"));
      return number.find()
          ? Duration.of(Long.parseLong(number.group()), ChronoUnit.MICROS)
          : USUAL_PATIENCE;
    } catch (BusException | NumberFormatException e) {
      LOG.log(Level.FINE, "logind does not say how long it waits", e);
      return USUAL_PATIENCE;
    }
  }

  /** The signal comes twice: when the host is about to go down, and when that was cancelled. */
  private void prepare(boolean goesDown) {
    Thread.ofPlatform().name("before shutdown").start(() -> answer(goesDown));
  }

  private void answer(boolean goesDown) {
    try {
      if (goesDown != isPreparing()) {
        // any user may send a signal of that name over the system's bus
        LOG.warning("PrepareForShutdown was heard, but logind did not send it, ignoring");
      } else if (goesDown) {
        reaction.before(patience());
        close();
      } else {
        take();
        reaction.cancelled();
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
