package launcher.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import launcher.control.Client;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Outcome;
import org.junit.jupiter.api.Test;

/** Clients that do not read, do not end, or say what nobody asked for: they hurt nobody else. */
final class BadClientsTest extends ListenerOnSocket {
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

  private static String request(int id, String verb) {
    return "{\"id\":" + id + ",\"verb\":\"" + verb + "\"}\n";
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
}
