package launcher.engine.qemu;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import launcher.engine.qmp.EventRelay;
import launcher.engine.qmp.QmpClient;
import launcher.engine.qmp.QmpException;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a guest's monitor, made anew as long as the guest's process lives: QEMU listens
 * on its socket again when a connection has ended, whoever ended it. A QEMU that hangs up again and
 * again is asked less and less often.
 */
final class MonitorLine {
  /** A found guest may be stopped for days and answer then. */
  private static final Duration GREETING = Duration.ofDays(365);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** What lasts longer was a good connection: the next pause is a short one again. */
  private static final Duration LASTING = Duration.ofMinutes(2);

  private final String guest;
  private final Path socket;
  private final EventRelay events;
  private final BooleanSupplier alive;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CompletableFuture<QmpClient> client = new CompletableFuture<>();
  private volatile @Nullable Runnable listener;
  private boolean wasConnected;

  /**
   * Not connected yet.
   *
   * @param alive whether the guest's process lives
   */
  MonitorLine(String guest, Path socket, EventRelay events, BooleanSupplier alive) {
    this.guest = guest;
    this.socket = socket;
    this.events = events;
    this.alive = alive;
  }

  /** Uses a connection that is there, and connects anew when it ends. */
  void use(QmpClient connected) {
    connected(connected);
    begin(connected);
  }

  /** Connects, whenever it answers. */
  void find() {
    begin(null);
  }

  private void begin(@Nullable QmpClient first) {
    Thread.ofVirtual().name("monitor of " + guest).start(() -> keep(first));
  }

  /**
   * Told of each connection, also of the one that is there; on the thread of the connection, which
   * must not ask anything itself.
   */
  void whenConnected(Runnable told) {
    boolean there;
    synchronized (this) {
      listener = told;
      there = wasConnected;
    }
    if (there) {
      told.run();
    }
  }

  private void keep(@Nullable QmpClient first) {
    @Nullable QmpClient now = first == null ? connect() : first;
    Duration pause = FIRST_PAUSE;
    while (true) {
      if (now != null && lasted(now)) {
        pause = FIRST_PAUSE;
      }
      if (isOverAfter(pause) || !alive.getAsBoolean()) {
        return;
      }
      now = connect();
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  /** Waits for its end; whether it was long in coming. */
  private static boolean lasted(QmpClient connection) {
    long since = System.nanoTime();
    connection.ended().join();
    return System.nanoTime() - since > LASTING.toNanos();
  }

  /** Nobody tells when QEMU listens again, so that it is tried after a pause. */
  private boolean isOverAfter(Duration pause) {
    try {
      return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private @Nullable QmpClient connect() {
    try {
      QmpClient connected = QmpClient.connect(socket, GREETING, events);
      connected(connected);
      return connected;
    } catch (QmpException e) {
      if (!client.completeExceptionally(e)) {
        client = CompletableFuture.failedFuture(e);
      }
      return null;
    }
  }

  private void connected(QmpClient connected) {
    @Nullable Runnable told;
    synchronized (this) {
      wasConnected = true;
      if (!client.complete(connected)) {
        client = CompletableFuture.completedFuture(connected);
      }
      told = listener;
    }
    if (closed.getCount() == 0) {
      connected.close();
    } else if (told != null) {
      told.run();
    }
  }

  /** The present connection, or the one before a new one comes; the first may still be coming. */
  CompletableFuture<QmpClient> client() {
    return client;
  }

  /** Ends the connection and makes no other. */
  void close() {
    closed.countDown();
    var _ = client.thenAccept(QmpClient::close);
  }
}
