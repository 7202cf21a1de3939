package launcher.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import launcher.control.Message;
import launcher.control.Outcome;
import launcher.control.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real client and a real listener on a real socket. A lost answer must not hang the build. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;

  private final Handlers handlers = new Handlers();
  private final AtomicBoolean outOfThreads = new AtomicBoolean();
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
  private AccessRule rule = (_, _) -> Optional.empty();
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
      assertEquals(
          "this daemon (launcher 1.2) knows no verb 'nonsense': if the command is newer, end the"
              + " daemon with 'kill 4711', which touches no guest, and ask again",
          unknown.getMessage());
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

  private static Handler untilInterrupted(CountDownLatch begun, CountDownLatch interrupted) {
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

  @Test
  void listenersAreInterruptedWhenTheClientLeavesButActsAreNot() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch finished = new CountDownLatch(1);
    handlers
        .listen("wait", untilInterrupted(begun, interrupted))
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

  private SocketChannel raw() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path()));
    return channel;
  }

  /** What comes before the other side hangs up, which it may do with words of ours unread. */
  private static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream input = Channels.newInputStream(channel);
    try {
      for (int b = input.read(); b >= 0; b = input.read()) {
        read.write(b);
      }
    } catch (SocketException reset) {
      // a connection that is closed with unread words is reset (unix(7)); what was said before
      // counts
    }
    return read.toString(UTF_8);
  }

  @Test
  void anActDoesNotWaitForAClientThatDoesNotRead() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    handlers.manage(
        "save",
        call -> {
          int told = 0;
          try {
            while (told < 100_000) {
              call.event(Json.of("x".repeat(1000)));
              told++;
            }
          } catch (IOException e) {
            over.countDown();
          }
          return Json.object();
        });
    handlers.read("list", _ -> Json.of("listed"));
    try (SocketChannel deaf = raw();
        Client other = connect()) {
      deaf.write(
          ByteBuffer.wrap("{\"id\":1,\"verb\":\"save\",\"arguments\":{}}\n".getBytes(UTF_8)));
      assertEquals(Json.of("listed"), other.ask("list", Json.object()));
      assertTrue(over.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it waits for the client");
    }
  }

  @Test
  void theAnswerOfAnActWhoseClientWasCutOffGoesToNobodyElse() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch cutOff = new CountDownLatch(1);
    CountDownLatch othersCame = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    handlers
        .listen("event", untilInterrupted(begun, cutOff))
        .manage(
            "save",
            call -> {
              begun.countDown();
              othersCame.await();
              try {
                call.event(Json.of("not for you"));
              } catch (IOException e) {
                told.countDown();
              }
              return Json.of("not for you");
            })
        .read("list", _ -> Json.of("listed"));
    try (SocketChannel deaf = raw()) {
      deaf.write(ByteBuffer.wrap((request(1, "save") + request(2, "event")).getBytes(UTF_8)));
      assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
      // leaves without having read the greeting: its connection is reset, and its descriptor free
    }
    assertTrue(cutOff.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    try (Client other = connect()) {
      othersCame.countDown();
      assertTrue(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it was told to somebody");
      assertEquals(Json.of("listed"), other.ask("list", Json.object()));
    }
  }

  private static String request(int id, String verb) {
    return "{\"id\":" + id + ",\"verb\":\"" + verb + "\"}\n";
  }

  @Test
  void anAnswerThatIsTooLongIsAFailureAndNoSilence() throws IOException {
    handlers.read("screenshot", _ -> Json.of("x".repeat(Wire.MAXIMUM_LINE_BYTES)));
    try (Client client = connect()) {
      ControlException e =
          assertThrows(ControlException.class, () -> client.ask("screenshot", Json.object()));
      assertEquals("a message of more than 16777216 bytes is not sent", e.getMessage());
    }
  }

  @Test
  void whoFindsNoThreadIsHungUpOnAndTheNextIsServed() throws IOException {
    handlers.read("list", _ -> Json.of("listed"));
    outOfThreads.set(true);
    assertTrue(Client.connect(path()).isEmpty());
    try (Client next = connect()) {
      assertEquals(Json.of("listed"), next.ask("list", Json.object()));
    }
  }

  @Test
  void twoListenersOfOneIdAreRefused() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    handlers.listen("event", untilInterrupted(begun, ended));
    try (SocketChannel twice = raw()) {
      twice.write(ByteBuffer.wrap(request(7, "event").getBytes(UTF_8)));
      // one that is cut off before it begins is never called
      assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
      twice.write(ByteBuffer.wrap(request(7, "event").getBytes(UTF_8)));
      twice.shutdownOutput();
      assertTrue(
          readAll(twice)
              .endsWith(
                  "{\"id\":7,\"failure\":\"usage\","
                      + "\"message\":\"a request with the id 7 is under way already\"}\n"));
    }
    assertTrue(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void garbageAndHalfRequestsHurtNobody() throws IOException {
    handlers.read("list", _ -> Json.of("listed"));
    for (String said :
        List.of(
            "\u0000\u0001\u0002",
            "GET / HTTP/1.1\r\n\r\n",
            "{\"id\":",
            "[".repeat(200_000) + "\n")) {
      try (SocketChannel odd = raw()) {
        odd.write(ByteBuffer.wrap(said.getBytes(UTF_8)));
        odd.shutdownOutput();
        assertTrue(readAll(odd).startsWith("{\"launcher\":"), said);
      }
      try (Client client = connect()) {
        assertEquals(Json.of("listed"), client.ask("list", Json.object()));
      }
    }
  }

  @Test
  void aRequestWithoutEndIsRefusedEarlyForWhoMayOnlyLook() throws IOException {
    handlers.read("list", _ -> Json.of("listed"));
    rule = (peer, access) -> access == Access.MANAGE ? Optional.of("not you") : Optional.empty();
    try (SocketChannel endless = raw()) {
      ByteBuffer much = ByteBuffer.wrap("x".repeat((64 << 10) + 1).getBytes(UTF_8));
      while (much.hasRemaining()) {
        endless.write(much);
      }
      assertTrue(readAll(endless).contains("a message of more than 65536 bytes is refused"));
    }
  }

  @Test
  void aRequestOfVeryManyValuesIsRefused() throws IOException {
    handlers.read("list", _ -> Json.of("listed"));
    rule = (peer, access) -> access == Access.MANAGE ? Optional.of("not you") : Optional.empty();
    try (Client client = connect()) {
      List<Json> many = Collections.nCopies(2000, Json.object());
      client.send("list", Json.object("guests", many));
      assertEquals(
          new Message.Failure(0, Outcome.USAGE, "a message of more than 2000 values is refused"),
          client.receive());
    }
    try (Client client = connect()) {
      List<Json> many = Collections.nCopies(1000, Json.of("web1"));
      assertEquals(Json.of("listed"), client.ask("list", Json.object("guests", many)));
    }
  }

  @Test
  void whoMayOnlyLookCannotTakeAllConnections() throws IOException {
    handlers.read("list", _ -> Json.of("listed"));
    rule = (peer, access) -> access == Access.MANAGE ? Optional.of("not you") : Optional.empty();
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        clients.add(connect());
      }
      assertTrue(Client.connect(path()).isEmpty(), "one too many");
      rule = (peer, access) -> Optional.empty();
      clients.add(connect());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void twoHundredClientsAreServedAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(200);
    handlers.read(
        "meet",
        _ -> {
          all.countDown();
          return Json.of(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        });
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Client client = connect();
        clients.add(client);
        client.send("meet", Json.object());
      }
      for (Client client : clients) {
        assertEquals(new Message.Reply(1, new Json.Bool(true)), client.receive());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aDaemonOfAnotherVersionIsToldHowToEnd() throws IOException {
    Path other = folder.resolve("other");
    try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      old.bind(UnixDomainSocketAddress.of(other));
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (SocketChannel client = old.accept()) {
              client.write(
                  ByteBuffer.wrap(
                      "{\"launcher\":99,\"program\":\"9.9\",\"restart\":\"kill 4711\"}\n"
                          .getBytes(UTF_8)));
            } catch (IOException e) {
              // the test sees it
            }
          });
      ControlException e = assertThrows(ControlException.class, () -> Client.connect(other));
      assertEquals(
          "the daemon (launcher 9.9) speaks protocol 99, this command speaks 1: end the daemon with"
              + " 'kill 4711', which touches no guest, and ask again",
          e.getMessage());
    }
  }
}
