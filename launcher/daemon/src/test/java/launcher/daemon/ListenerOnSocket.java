package launcher.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real listener on a real socket. A lost answer must not hang the build. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ListenerOnSocket {
  static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;

  final Handlers handlers = new Handlers();
  final AtomicBoolean outOfThreads = new AtomicBoolean();
  private final ExecutorService workers =
      new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>()) {
        @Override
        public void execute(Runnable task) {
          if (outOfThreads.getAndSet(false)) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          super.execute(task);
        }
      };
  AccessRule rule = (_, _) -> Optional.empty();
  private UnixServerSocketChannel socket;

  @BeforeEach
  void listen() throws IOException {
    socket = UnixServerSocketChannel.open();
    socket.socket().bind(new UnixSocketAddress(path().toFile()));
    Service service =
        new Service(
            "1.2",
            "kill 4711",
            handlers,
            (peer, access) -> rule.refusal(peer, access),
            e -> new ControlException(Outcome.FAILED, "broken: " + e.getMessage()));
    Idleness idleness = new Idleness(Duration.ofHours(1), () -> true);
    Listener listener = new Listener(socket, service, workers, idleness, Duration.ofMillis(300));
    Thread.ofPlatform().daemon().start(() -> accept(listener));
  }

  private static void accept(Listener listener) {
    try {
      listener.run();
    } catch (IOException | InterruptedException e) {
      // the test is over
    }
  }

  @AfterEach
  void close() throws IOException {
    workers.shutdownNow();
    socket.close();
  }

  Path path() {
    return folder.resolve("s");
  }

  Client connect() throws IOException {
    return Client.connect(path()).orElseThrow();
  }

  static Handler untilInterrupted(CountDownLatch begun, CountDownLatch interrupted) {
    return _ -> {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
      return Json.object();
    };
  }
}
