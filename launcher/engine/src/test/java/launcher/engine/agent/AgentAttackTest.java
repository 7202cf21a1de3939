package launcher.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest that answers as it likes, or has put something else in its socket's place. */
@SuppressWarnings("NullAway.Init") // made before each test
final class AgentAttackTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private Path socket;
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws IOException {
    folder = folder.toRealPath();
    socket = folder.resolve("agent");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** What the guest says, once it is asked; {@code %d} is the number of the sync. */
  private interface Guest {
    void say(SocketChannel to, long number) throws IOException;
  }

  private void serve(Guest guest) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (SocketChannel channel = server.accept()) {
            ByteBuffer asked = ByteBuffer.allocate(4096);
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\n") < 0 && channel.read(asked.clear()) >= 0) {
              text.append(StandardCharsets.ISO_8859_1.decode(asked.flip()));
            }
            guest.say(channel, Long.parseLong(text.toString().replaceAll("[^0-9]", "")));
            int count = 0;
            while (count >= 0) {
              count = channel.read(asked.clear());
            }
          } catch (IOException hungUp) {
            return;
          }
        });
  }

  private static void write(SocketChannel to, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(EngineException.class, () -> AgentConversation.begin("web1", socket, PATIENCE))
            .getMessage());
  }

  @Test
  void aSocketThatBecameALinkToAnothersIsNotFollowed() throws IOException {
    Path other = folder.resolve("other");
    Files.move(socket, other);
    Files.createSymbolicLink(socket, other);
    server.configureBlocking(false);
    String said = refusal();
    assertTrue(said.contains("has become a symbolic link, which is not followed"), said);
    assertNull(server.accept(), "nobody has spoken to the other guest");
  }

  @Test
  @Timeout(60)
  void oneThatNeverCeasesToSpeakIsLeftInTime() {
    serve((to, number) -> {
      while (true) {
        write(to, "x".repeat(1 << 16));
      }
    });
    assertEquals(
        "the agent of guest 'web1' is not reached: no answer in time; does it run in the guest?",
        refusal());
  }

  @Test
  @Timeout(60)
  void oneThatSaysNothingIsLeftInTime() {
    serve((to, number) -> {});
    assertTrue(refusal().contains("no answer in time"), "silence");
  }

  @Test
  @Timeout(60)
  void whatIsNotJsonIsSaid() {
    serve((to, number) -> write(to, "\u00ff{{{{\n"));
    assertTrue(refusal().contains("what is not JSON"), refusal());
  }

  @Test
  @Timeout(60)
  void anAnswerOfDeepBracketsIsSaid() {
    serve((to, number) -> {
      write(to, "\u00ff{\"return\":" + number + "}\n");
      write(to, "{\"return\":" + "[".repeat(1 << 20) + "\n");
    });
    try (AgentConversation talk = AgentConversation.begin("web1", socket, PATIENCE)) {
      String said =
          String.valueOf(
              assertThrows(EngineException.class, () -> talk.ask("guest-get-osinfo", Props.empty()))
                  .getMessage());
      assertTrue(
          said.startsWith(
              "the agent of guest 'web1' does not answer 'guest-get-osinfo': it says more than it may"),
          said);
    }
  }
}
