package launcher.engine.qemu;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qmp.QmpClient;
import launcher.engine.qmp.QmpException;

/**
 * A guest's monitor, which may still be on its way to be connected; failures in words of guests.
 */
public final class QemuMonitor {
  /** What is asked in passing; a healthy QEMU answers in a millisecond. */
  public static final Duration QUESTION = Duration.ofSeconds(5);

  /** What takes QEMU some work: a device, a block node. */
  public static final Duration WORK = Duration.ofSeconds(30);

  private final String guest;
  private final MonitorLine line;

  QemuMonitor(String guest, MonitorLine line) {
    this.guest = guest;
    this.line = line;
  }

  private CompletableFuture<QmpClient> client() {
    return line.client();
  }

  /** Told of each connection, also of the one that is there; must not ask anything itself. */
  void whenConnected(Runnable told) {
    line.whenConnected(told);
  }

  /** Whether it is connected and answers. */
  boolean answering() {
    return !ended() && client().isDone() && client().join().answering();
  }

  /** Asks, see {@link QmpClient#ask}. */
  public JsonObject ask(String command, Props arguments, Duration deadline) {
    return answer(command, arguments, deadline).object("return");
  }

  /** Asks without arguments. */
  public JsonObject ask(String command) {
    return ask(command, Props.empty(), QUESTION);
  }

  /** Asks, see {@link QmpClient#answer}. */
  public JsonObject answer(String command, Props arguments, Duration deadline) {
    try {
      return connection(deadline).answer(command, arguments, deadline);
    } catch (QmpException e) {
      throw translated(command, e);
    }
  }

  /** Asks and passes a descriptor along. */
  public JsonObject passing(int descriptor, String command, Props arguments) {
    try {
      return connection(QUESTION).passing(descriptor, command, arguments, QUESTION);
    } catch (QmpException e) {
      throw translated(command, e);
    }
  }

  /** Asks where a refusal is an answer too: empty then. */
  public Optional<JsonObject> tryAsk(String command, Props arguments, Duration deadline) {
    try {
      return Optional.of(connection(deadline).answer(command, arguments, deadline));
    } catch (QmpException e) {
      if (e.kind() == QmpException.Kind.REFUSED) {
        return Optional.empty();
      }
      throw translated(command, e);
    }
  }

  /** Tells QEMU to end; that it has ended before the answer came is an answer. */
  void quit() {
    try {
      connection(QUESTION).answer("quit", Props.empty(), QUESTION);
    } catch (QmpException e) {
      if (e.kind() == QmpException.Kind.NO_ANSWER) {
        throw translated("quit", e);
      }
    }
  }

  private QmpClient connection(Duration deadline) {
    try {
      return client().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EngineException(Kind.NOT_ANSWERING, "guest '" + guest + "' does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "interrupted while waiting for guest '" + guest + "'", e);
    } catch (ExecutionException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING,
          "the monitor of guest '" + guest + "' is not reached: " + e.getCause(),
          e);
    }
  }

  private EngineException translated(String command, QmpException e) {
    return switch (e.kind()) {
      case REFUSED ->
          new EngineException(
              Kind.FAILED, "guest '" + guest + "' refuses '" + command + "': " + e.getMessage(), e);
      case NO_ANSWER ->
          new EngineException(
              Kind.NOT_ANSWERING, "guest '" + guest + "' is not answering: " + e.getMessage(), e);
      case CLOSED ->
          new EngineException(
              Kind.WRONG_STATE,
              "guest '"
                  + guest
                  + "' has ended during '"
                  + command
                  + "', or its QEMU has closed the monitor, which is connected anew while it runs;"
                  + " destroy ends it in any case",
              e);
    };
  }

  /** Whether the connection is gone; while the process lives another one may come. */
  public boolean ended() {
    CompletableFuture<QmpClient> now = client();
    return now.isDone() && (now.isCompletedExceptionally() || now.join().ended().isDone());
  }

  /** Waits until all that an ended QEMU has said is read; its socket ends with it. */
  void hearOut() {
    CompletableFuture<QmpClient> now = client();
    if (!now.isDone() || now.isCompletedExceptionally()) {
      return;
    }
    try {
      now.join().ended().get(WORK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // somebody else holds its socket: what it said last is not to be had
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    line.close();
  }
}
