package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // opened before each test
class RegistrationTest {
  private static final byte[] GREETING = {1, 0, 2, 0, 3};
  private static final byte[] ANSWER = {7, 0, 8};
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;
  private Path socket;
  private ServerSocketChannel daemon;

  @BeforeEach
  void listen() throws IOException {
    socket = folder.resolve("daemon.sock");
    daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    daemon.bind(UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void close() throws IOException {
    daemon.close();
  }

  private CommandSpec registered() {
    return ProcFacts.sleeper()
        .registration(new Registration(socket, Bytes.of(GREETING), Bytes.of(ANSWER)))
        .build();
  }

  private CompletableFuture<SocketChannel> answering(byte[] answer) {
    CompletableFuture<SocketChannel> registered = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            SocketChannel client = daemon.accept();
            ByteBuffer heard = ByteBuffer.allocate(GREETING.length);
            while (heard.hasRemaining() && client.read(heard) >= 0) {}
            assertArrayEquals(GREETING, heard.array());
            client.write(ByteBuffer.wrap(answer));
            registered.complete(client);
          } catch (IOException | AssertionError failed) {
            registered.completeExceptionally(failed);
          }
        });
    return registered;
  }

  @Test
  void theDaemonSeesTheProgramsDeathAndNothingElse() throws Exception {
    CompletableFuture<SocketChannel> registered = answering(ANSWER);
    try (HeldChild held = spawner.hold(registered());
        SocketChannel client = registered.get(1, TimeUnit.MINUTES);
        Child child = held.go()) {
      client.configureBlocking(false);
      assertEquals(0, client.read(ByteBuffer.allocate(1)), "open, and nothing is said");
      client.configureBlocking(true);
      child.signal(Signal.KILL);
      assertEquals(-1, Channels.newInputStream(client).read());
    }
  }

  @Test
  void anotherAnswerIsARefusal() {
    var unused = answering(new byte[] {7, 0, 9});
    SpawnException refused =
        assertThrows(SpawnException.class, () -> spawner.hold(registered()).close());
    assertEquals(SpawnStep.REGISTER, refused.step());
    assertEquals(socket.toString(), refused.object());
  }

  @Test
  void aDaemonThatDoesNotRunIsNamed() throws IOException {
    daemon.close();
    SpawnException refused =
        assertThrows(SpawnException.class, () -> spawner.hold(registered()).close());
    assertEquals(
        "Failed at step 'register' of '"
            + socket
            + "' starting '/bin/busybox': Connection refused: does its daemon run?",
        refused.getMessage());
  }

  @Test
  void aPathWithALinkIsNoExactPath() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    for (Path path : List.of(file, link)) {
      CommandSpec command =
          CommandSpec.of("/bin/true")
              .confinement(
                  Confinement.NONE
                      .withNoNewPrivileges(true)
                      .withLandlock(
                          List.of(
                              new LandlockRule(Path.of("/"), LandlockRule.Access.EXECUTE),
                              new LandlockRule(path, LandlockRule.Access.READ, true, true))))
              .build();
      if (path.equals(file)) {
        assertTrue(spawner.run(command).status().success());
      } else {
        SpawnException refused = assertThrows(SpawnException.class, () -> spawner.run(command));
        assertEquals(
            "A symbolic link has taken its place since it was looked up", refused.reason());
      }
    }
  }
}
