package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client and a real listener on a real socket. */
class ListenerTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;

  private final Handlers handlers = new Handlers();
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private AccessRule rule = (_, _) -> Optional.empty();
  private UnixServerSocketChannel socket;

  @BeforeEach
  void listen() throws IOException {
    socket = UnixServerSocketChannel.open();
    socket.socket().bind(new UnixSocketAddress(path().toFile()));
    Service service =
        new Service(
            "1.2",
            handlers,
            (peer, access) -> rule.refusal(peer, access),
            e -> new ControlException(Outcome.FAILED, "broken: " + e.getMessage()));
    Idleness idleness = new Idleness(Duration.ofHours(1), () -> true);
    Listener listener = new Listener(socket, service, workers, idleness);
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

  private Path path() {
    return folder.resolve("s");
  }

  private Client connect() throws IOException {
    return Client.connect(path()).orElseThrow();
  }

  @Test
  void greetsAndAnswers() throws IOException {
    handlers.read("echo", Call::arguments);
    try (Client client = connect()) {
      assertEquals("1.2", client.daemonVersion());
      Json.Members said = Json.object("text", "() { :;}; echo vulnerable\n\ud800,", "n", -5L);
      assertEquals(said, client.ask("echo", said));
    }
  }

  @Test
  void knowsTheKernelsWordOnThePeer() throws IOException {
    handlers.read("who", call -> Json.object("pid", call.peer().pid(), "uid", call.peer().uid()));
    try (Client client = connect()) {
      Json.Members who = (Json.Members) client.ask("who", Json.object());
      assertEquals(Optional.of(ProcessHandle.current().pid()), who.findWhole("pid"));
    }
  }

  @Test
  void failuresKeepTheirOutcomeAndTheConnection() throws IOException {
    handlers
        .read(
            "missing",
            _ -> {
              throw new ControlException(Outcome.NOT_FOUND, "no guest 'x'");
            })
        .read(
            "broken",
            _ -> {
              throw new IllegalStateException("oops");
            });
    try (Client client = connect()) {
      ControlException missing =
          assertThrows(ControlException.class, () -> client.ask("missing", Json.object()));
      assertEquals(Outcome.NOT_FOUND, missing.outcome());
      assertEquals("no guest 'x'", missing.getMessage());
      ControlException broken =
          assertThrows(ControlException.class, () -> client.ask("broken", Json.object()));
      assertEquals("broken: oops", broken.getMessage());
      ControlException unknown =
          assertThrows(ControlException.class, () -> client.ask("nonsense", Json.object()));
      assertEquals(Outcome.USAGE, unknown.outcome());
    }
  }

  @Test
  void requestsOfOneClientRunAtTheSameTime() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    handlers.manage(
        "meet",
        _ -> {
          both.countDown();
          return Json.of(both.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        });
    try (Client client = connect()) {
      long first = client.send("meet", Json.object());
      long second = client.send("meet", Json.object());
      List<Message> answers = new ArrayList<>(List.of(client.receive(), client.receive()));
      assertTrue(answers.contains(new Message.Reply(first, new Json.Bool(true))));
      assertTrue(answers.contains(new Message.Reply(second, new Json.Bool(true))));
    }
  }

  @Test
  void listenersAreInterruptedWhenTheClientLeavesButActsAreNot() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch finished = new CountDownLatch(1);
    handlers
        .listen(
            "wait",
            _ -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return Json.object();
            })
        .manage(
            "act",
            _ -> {
              begun.countDown();
              interrupted.await();
              finished.countDown();
              return Json.object();
            });
    try (Client client = connect()) {
      client.send("wait", Json.object());
      client.send("act", Json.object());
      assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    assertTrue(interrupted.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertTrue(finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void streamsCarryBytesBothWays() throws IOException {
    handlers.stream(
        "console",
        call -> {
          ByteChannel stream = call.stream();
          ByteBuffer bytes = ByteBuffer.allocate(100);
          while (stream.read(bytes) >= 0) {
            stream.write(bytes.flip());
            bytes.clear();
          }
          return Json.object();
        });
    try (Client client = connect()) {
      ByteChannel stream = client.askStream("console", Json.object());
      stream.write(ByteBuffer.wrap("hello\n{".getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(7);
      while (answer.hasRemaining()) {
        assertTrue(stream.read(answer) > 0);
      }
      assertEquals("hello\n{", new String(answer.array(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusedCallsDoNotReachTheHandler() throws IOException {
    rule = (peer, access) -> access == Access.MANAGE ? Optional.of("not you") : Optional.empty();
    handlers.manage("destroy", _ -> Json.of("done")).read("list", _ -> Json.of("listed"));
    try (Client client = connect()) {
      ControlException refused =
          assertThrows(ControlException.class, () -> client.ask("destroy", Json.object()));
      assertEquals(Outcome.REFUSED, refused.outcome());
      assertEquals("'destroy' is refused: not you", refused.getMessage());
      assertEquals(Json.of("listed"), client.ask("list", Json.object()));
    }
  }

  @Test
  void nobodyThereIsEmpty() throws IOException {
    assertTrue(Client.connect(folder.resolve("none")).isEmpty());
  }
}
