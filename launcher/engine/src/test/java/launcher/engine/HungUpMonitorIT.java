package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import launcher.engine.GuestState.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A monitor that hangs up while its QEMU runs on: the guest is shown as not answering, can be ended
 * all the same, and is heard again when QEMU lets itself be called.
 */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class HungUpMonitorIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;
  private Path socket;
  private Path real;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineOfTest(root);
    guest =
        engine.start(
            """
            <domain type='qemu'><name>calls</name><memory unit='MiB'>16</memory>
            <os><type arch='x86_64' machine='pc'>hvm</type></os>
            <devices><disk type='file'><source file='%s'/><target dev='vda' bus='virtio'/></disk>
            <memballoon model='none'/></devices></domain>
            """
                .formatted(BootSector.disk(root)));
    socket = root.resolve("run/guests").resolve(guest.uuid()).resolve("monitor");
    real = socket.resolveSibling("real");
  }

  @AfterEach
  void end() {
    engine.close();
  }

  /** In the place of QEMU's socket: hangs up at once, then after it has agreed. */
  private static final class Rude implements AutoCloseable {
    private final ServerSocketChannel server;
    private final CountDownLatch calls = new CountDownLatch(2);

    Rude(Path place) throws IOException {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(place));
      Thread.ofPlatform().daemon().name("rude").start(this::serve);
    }

    private void serve() {
      while (server.isOpen()) {
        try (SocketChannel caller = server.accept()) {
          if (calls.getCount() < 2) {
            say(caller, "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\n");
            caller.read(ByteBuffer.allocate(1000));
            say(caller, "{\"return\":{},\"id\":1}\n");
          }
        } catch (IOException over) {
          // it called, or the test is over
        } finally {
          calls.countDown();
        }
      }
    }

    private static void say(SocketChannel caller, String line) throws IOException {
      caller.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private Rude rude() throws IOException {
    engine.engine().close();
    Files.move(socket, real);
    Rude rude = new Rude(socket);
    engine.reopen();
    guest = engine.guests().get("calls");
    return rude;
  }

  @Test
  void itIsHeardAgainWhenQemuListens() throws IOException, InterruptedException {
    guest.suspend();
    try (Rude rude = rude()) {
      assertTrue(rude.calls.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it calls again");
      assertFalse(guest.state().answering());
      assertTrue(guest.state().active());
      assertThrows(EngineException.class, guest::resume);
      Files.move(real, socket, StandardCopyOption.REPLACE_EXISTING);
      assertTrue(
          guest.life().running().running().settled(Duration.ofSeconds(PATIENCE_SECONDS)),
          "it is connected");
      assertEquals(Phase.PAUSED, guest.state().phase());
      assertTrue(guest.state().answering());
      guest.resume();
      assertEquals(Phase.RUNNING, guest.state().phase());
    }
  }

  @Test
  void itIsEndedAllTheSame() throws IOException, InterruptedException {
    try (Rude rude = rude()) {
      assertTrue(rude.calls.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it calls again");
      guest.destroy(false);
      assertEquals("destroyed", guest.state().reason());
      assertFalse(Files.exists(real));
    }
  }
}
