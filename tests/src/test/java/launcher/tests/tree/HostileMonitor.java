package launcher.tests.tree;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a QEMU that its guest has taken over could make of its monitor: a socket in the place of
 * QEMU's, in the guest's own folder, that greets and agrees as QEMU does and then turns bad.
 */
final class HostileMonitor implements AutoCloseable {
  private static final String GREETING =
      "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":0,\"minor\":2,\"major\":7}},\"capabilities\":[]}}\n";

  private final ServerSocketChannel server;
  private final Turn turn;
  private final CountDownLatch over = new CountDownLatch(1);

  /** What it does once it is trusted, until it is done or nobody listens any more. */
  @FunctionalInterface
  interface Turn {
    void on(SocketChannel daemon) throws IOException;
  }

  private HostileMonitor(ServerSocketChannel server, Turn turn) {
    this.server = server;
    this.turn = turn;
  }

  /** Takes the socket's place; who connects anew is treated the same. */
  static HostileMonitor at(Path socket, Turn turn) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    HostileMonitor monitor = new HostileMonitor(server, turn);
    Thread.ofPlatform().daemon().name("hostile monitor").start(monitor::serve);
    return monitor;
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel daemon = server.accept()) {
        say(daemon, GREETING);
        agree(daemon);
        turn.on(daemon);
      } catch (IOException e) {
        // the daemon has had enough of it
      } finally {
        over.countDown();
      }
    }
  }

  private static void agree(SocketChannel daemon) throws IOException {
    var in = Channels.newInputStream(daemon);
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n' && b >= 0; b = in.read()) {
      line.append((char) b);
    }
    String id = line.toString().replaceAll(".*\"id\": ?([0-9]+).*", "$1");
    say(daemon, "{\"return\":{},\"id\":" + id + "}\n");
  }

  static void say(SocketChannel daemon, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      daemon.write(bytes);
    }
  }

  /** Waits until its first turn is over: it has said all, or was hung up on. */
  boolean awaitTurn(long seconds) throws InterruptedException {
    return over.await(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
