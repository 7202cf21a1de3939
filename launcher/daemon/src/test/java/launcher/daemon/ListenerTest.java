package launcher.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Outcome;
import launcher.control.Wire;
import org.junit.jupiter.api.Test;

/** A real client and a real listener on a real socket. */
final class ListenerTest extends ListenerOnSocket {
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
