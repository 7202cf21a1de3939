package launcher.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import org.junit.jupiter.api.Test;

/** What becomes of requests when things happen in an unlucky order. */
class ConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Says its words once and takes all that it is told. */
  private record Words(ByteBuffer words) implements ByteChannel {
    @Override
    public int read(ByteBuffer target) {
      if (!words.hasRemaining()) {
        return -1;
      }
      int count = Math.min(words.remaining(), target.remaining());
      target.put(words.slice(words.position(), count));
      words.position(words.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      int count = source.remaining();
      source.position(source.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  /** Keeps tasks until somebody runs them. */
  private static final class Busy extends AbstractExecutorService {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }

  @Test
  void aListenerThatIsCancelledBeforeItBeginsDoesNotKeepTheConnection() throws Exception {
    Handlers handlers = new Handlers().listen("event", _ -> Json.of("never"));
    Service service =
        new Service(
            "1.2",
            "kill 4711",
            handlers,
            (_, _) -> Optional.empty(),
            e -> new ControlException(Outcome.FAILED, "broken", e));
    Busy workers = new Busy();
    Words words = new Words(ByteBuffer.wrap("{\"id\":1,\"verb\":\"event\"}\n".getBytes(UTF_8)));
    Peer peer = new Peer(1, 0, 0, Set.of());
    Thread connection =
        Thread.ofPlatform().daemon().start(new Connection(words, peer, service, workers, _ -> {}));
    Runnable task = workers.tasks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    // it has read the end of the stream and waits for what is under way
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (connection.getState() != Thread.State.WAITING) {
      assertTrue(System.nanoTime() < end && connection.isAlive());
      Thread.onSpinWait();
    }
    assertFalse(connection.join(Duration.ofMillis(1)));
    task.run();
    assertTrue(connection.join(PATIENCE), "it waits for a listener that never begins");
  }
}
