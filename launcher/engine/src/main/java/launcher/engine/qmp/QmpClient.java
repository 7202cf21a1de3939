package launcher.engine.qmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.spawn.libc.PinnedFile;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a monitor. Any thread may ask; every question has a deadline; events come in
 * order on the connection's own thread, whose listener must not ask anything itself.
 */
public final class QmpClient implements AutoCloseable {
  /** Unanswered questions after which no more are sent: the socket's buffer must never fill. */
  private static final int MOST_UNANSWERED = 100;

  /** A QEMU that takes not a byte for so long has stopped reading, its socket's buffer is full. */
  private static final Duration WRITE = Duration.ofSeconds(5);

  /** Threads that read; one that has seen its guest's end reads for the next guest. */
  private static final ExecutorService READERS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("qmp-", 1).factory());

  private final Path socket;
  private final UnixSocketChannel channel;
  private final Map<Long, CompletableFuture<JsonObject>> unanswered = new ConcurrentHashMap<>();
  private final CompletableFuture<JsonObject> greeting = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicLong nextId = new AtomicLong(1);

  /** Held while something is written; nobody closes the descriptor under a writer. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Held while the descriptor is shut down or closed: its number may be another's afterwards. */
  private final Object closing = new Object();

  private final Consumer<QmpEvent> events;
  private volatile boolean silent;

  private QmpClient(Path socket, UnixSocketChannel channel, Consumer<QmpEvent> events) {
    this.socket = socket;
    this.channel = channel;
    this.events = events;
  }

  /**
   * Connects and agrees on capabilities.
   *
   * @param deadline for the greeting and the agreement together
   * @param events told of every event, in order
   * @throws QmpException when nobody listens, or nobody answers in time
   */
  public static QmpClient connect(Path socket, Duration deadline, Consumer<QmpEvent> events) {
    UnixSocketChannel channel;
    try (PinnedFile pinned = GuestSocket.open(socket)) {
      channel = UnixSocketChannel.open(new UnixSocketAddress(pinned.link().toFile()));
      QmpSocket.limitWrites(channel, WRITE);
    } catch (IOException e) {
      throw new QmpException(
          QmpException.Kind.CLOSED,
          "nobody listens on the monitor '" + socket + "': " + e.getMessage(),
          e);
    }
    QmpClient client = new QmpClient(socket, channel, events);
    READERS.execute(client::read);
    try {
      client.await(client.greeting, "greeting", deadline);
      client.ask("qmp_capabilities", Props.empty(), deadline);
      return client;
    } catch (QmpException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Asks and waits.
   *
   * @param command name of the command
   * @param arguments its arguments
   * @return what stands in {@code return}; an empty object where that is no object
   * @throws QmpException when refused, not answered in time, or closed
   */
  public JsonObject ask(String command, Props arguments, Duration deadline) {
    return answer(command, arguments, deadline).object("return");
  }

  /** The whole answer, for commands that return a list or a text. */
  public JsonObject answer(String command, Props arguments, Duration deadline) {
    return send(command, arguments, -1, deadline);
  }

  /**
   * Asks and passes a descriptor along: {@code getfd}, {@code add-fd}.
   *
   * @param descriptor open in this process, which keeps its own
   */
  public JsonObject passing(int descriptor, String command, Props arguments, Duration deadline) {
    return send(command, arguments, descriptor, deadline).object("return");
  }

  private JsonObject send(String command, Props arguments, int descriptor, Duration deadline) {
    if (ended.isDone()) {
      throw closed();
    }
    if (unanswered.size() >= MOST_UNANSWERED) {
      throw noAnswer(command, deadline);
    }
    long id = nextId.getAndIncrement();
    CompletableFuture<JsonObject> reply = new CompletableFuture<>();
    unanswered.put(id, reply);
    Props message = Props.of("execute", command);
    if (!arguments.isEmpty()) {
      message.put("arguments", arguments);
    }
    write(message.put("id", id).json() + "\n", descriptor, command, deadline);
    if (ended.isDone()) {
      // the reader may have failed all questions just before this one was there
      reply.completeExceptionally(closed());
    }
    JsonObject answer = await(reply, command, deadline);
    if (answer.has("error")) {
      JsonObject error = answer.object("error");
      throw new QmpException(
          QmpException.Kind.REFUSED, error.string("class", ""), error.string("desc", "no reason"));
    }
    return answer;
  }

  private void write(String line, int descriptor, String command, Duration deadline) {
    try {
      // a writer before us may wait for a QEMU that does not read
      if (!writing.tryLock(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        silent = true;
        throw noAnswer(command, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QmpException(
          QmpException.Kind.NO_ANSWER, "interrupted before '" + command + "'", e);
    }
    try {
      if (ended.isDone()) {
        throw closed();
      }
      QmpSocket.write(channel, line, descriptor);
    } catch (IOException e) {
      // part of a message may be out: nothing after it would be understood
      shutdown();
      throw new QmpException(
          QmpException.Kind.CLOSED, closed().getMessage() + ": " + e.getMessage(), e);
    } finally {
      writing.unlock();
    }
  }

  private JsonObject await(CompletableFuture<JsonObject> reply, String what, Duration deadline) {
    try {
      return reply.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      silent = true;
      throw noAnswer(what, deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QmpException(
          QmpException.Kind.NO_ANSWER, "interrupted while waiting for '" + what + "'", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof QmpException known
          ? new QmpException(known.kind(), String.valueOf(known.getMessage()))
          : new QmpException(QmpException.Kind.CLOSED, "monitor: " + e.getMessage(), e);
    }
  }

  /** False from the first missed deadline until QEMU says anything again. */
  public boolean answering() {
    return !silent;
  }

  /** Completed when the connection ends, by either side. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  private void read() {
    QmpLines lines = new QmpLines();
    try {
      ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
      while (channel.read(buffer) >= 0) {
        silent = false;
        lines.feed(buffer.flip(), this::dispatch);
        buffer.clear();
      }
    } catch (IOException | RuntimeException e) {
      // the connection is of no use after this: the same as its end
      greeting.completeExceptionally(
          new QmpException(QmpException.Kind.CLOSED, "monitor: " + e.getMessage(), e));
    } finally {
      lines.end();
      end();
    }
  }

  private void dispatch(JsonObject message) {
    if (message.has("event")) {
      events.accept(QmpEvent.of(message));
    } else if (message.has("QMP")) {
      greeting.complete(message.object("QMP"));
    } else {
      @Nullable CompletableFuture<JsonObject> asked = unanswered.remove(message.number("id", 0));
      if (asked != null) {
        asked.complete(message);
      }
    }
  }

  private void end() {
    ended.complete(null);
    greeting.completeExceptionally(closed());
    unanswered.values().forEach(reply -> reply.completeExceptionally(closed()));
    unanswered.clear();
    // wakes a writer, who then finds that all is over
    shutdown();
    writing.lock();
    try {
      synchronized (closing) {
        channel.close();
      }
    } catch (IOException e) {
      // a socket that was read to its end has nothing left to lose
      return;
    } finally {
      writing.unlock();
    }
  }

  private QmpException closed() {
    return new QmpException(QmpException.Kind.CLOSED, "the monitor '" + socket + "' is closed");
  }

  private static QmpException noAnswer(String what, Duration deadline) {
    return new QmpException(
        QmpException.Kind.NO_ANSWER,
        "no answer to '" + what + "' within " + deadline.toMillis() + " ms");
  }

  private void shutdown() {
    synchronized (closing) {
      if (channel.isOpen()) {
        try {
          channel.shutdownInput();
          channel.shutdownOutput();
        } catch (IOException e) {
          // QEMU has hung up already
          return;
        }
      }
    }
  }

  /** Ends the connection and leaves QEMU alone; its reading thread wakes and closes. */
  @Override
  public void close() {
    shutdown();
  }
}
