package launcher.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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

/** Agents that say nothing, or what no agent says. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentConversationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private ServerSocketChannel guest;

  @BeforeEach
  void listen() throws IOException {
    guest = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    guest.bind(UnixDomainSocketAddress.of(folder.resolve("agent")));
  }

  @AfterEach
  void close() throws IOException {
    guest.close();
  }

  private AgentConversation begin(Duration patience) {
    return AgentConversation.begin("web1", folder.resolve("agent"), patience);
  }

  private static long descriptors() throws IOException {
    try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      long count = 0;
      for (Path _ : open) {
        count++;
      }
      return count;
    }
  }

  @Test
  void anAgentThatSaysNothingLeavesNoDescriptorOpen() throws IOException {
    int asked = 50; // a few more or fewer may be open for other reasons
    long before = descriptors();
    for (int i = 0; i < asked; i++) {
      assertThrows(EngineException.class, () -> begin(Duration.ofMillis(1)));
      guest.accept().close();
    }
    assertTrue(descriptors() < before + asked, "left open: " + (descriptors() - before));
  }

  /** Answers the sync rightly and the next question with some words. */
  private void answers(String words) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (SocketChannel channel = guest.accept();
              BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(Channels.newInputStream(channel), UTF_8))) {
            String number = lines.readLine().replaceAll(".*\"id\":([0-9]+).*", "$1");
            channel.write(ByteBuffer.wrap(new byte[] {(byte) 0xff}));
            channel.write(ByteBuffer.wrap(("{\"return\":" + number + "}\n").getBytes(UTF_8)));
            lines.readLine();
            channel.write(ByteBuffer.wrap((words + "\n").getBytes(UTF_8)));
            lines.readLine();
          } catch (IOException e) {
            // the test has seen enough
          }
        });
  }

  @Test
  void whatIsNotJsonIsNoAnswer() {
    answers("[}");
    try (AgentConversation talk = begin(PATIENCE)) {
      EngineException e =
          assertThrows(EngineException.class, () -> talk.ask("guest-ping", Props.empty()));
      assertEquals(EngineException.Kind.NOT_ANSWERING, e.kind());
      assertTrue(
          e.getMessage()
              .startsWith(
                  "the agent of guest 'web1' does not answer 'guest-ping': it says what is not"
                      + " JSON: "),
          e.getMessage());
    }
  }

  @Test
  void aRefusalSaysWhoRefusesWhat() {
    answers("{\"error\":{\"class\":\"GenericError\",\"desc\":\"not now\"}}");
    try (AgentConversation talk = begin(PATIENCE)) {
      EngineException e =
          assertThrows(
              EngineException.class, () -> talk.tell("guest-shutdown", Props.empty(), PATIENCE));
      assertEquals("the agent of guest 'web1' refuses 'guest-shutdown': not now", e.getMessage());
    }
  }
}
