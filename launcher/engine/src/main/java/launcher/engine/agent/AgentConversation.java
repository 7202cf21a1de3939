package launcher.engine.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qmp.GuestSocket;
import launcher.engine.qmp.SpokenLine;
import launcher.spawn.libc.PinnedFile;

/**
 * One conversation with an agent: what an earlier one left unread is skipped by a delimited sync
 * (QEMU's docs/interop/qemu-ga-ref), then questions are answered one by one.
 */
public final class AgentConversation implements AutoCloseable {
  private static final byte DELIMITER = (byte) 0xff;

  private final String guest;
  private final SocketChannel channel;
  private final Selector selector;
  private final long deadline;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10).flip();

  private AgentConversation(String guest, SocketChannel channel, Selector selector, long deadline) {
    this.guest = guest;
    this.channel = channel;
    this.selector = selector;
    this.deadline = deadline;
  }

  /**
   * Begins.
   *
   * @param socket of the guest's channel
   * @param patience for everything said in this conversation
   * @throws EngineException when nobody answers
   */
  public static AgentConversation begin(String guest, Path socket, Duration patience) {
    try {
      AgentConversation talk =
          new AgentConversation(
              guest,
              SocketChannel.open(StandardProtocolFamily.UNIX),
              Selector.open(),
              System.nanoTime() + patience.toNanos());
      try {
        talk.connect(socket);
        talk.sync();
        return talk;
      } catch (IOException | RuntimeException e) {
        talk.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING,
          "the agent of guest '" + guest + "' is not reached: " + e.getMessage(),
          e);
    }
  }

  private void connect(Path socket) throws IOException {
    try (PinnedFile pinned = GuestSocket.open(socket)) {
      channel.connect(UnixDomainSocketAddress.of(pinned.link()));
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  private void sync() throws IOException {
    long number = System.nanoTime() & 0x7fffffff;
    write(new byte[] {DELIMITER});
    send("guest-sync-delimited", Props.empty().put("id", number));
    byte next = read();
    while (true) {
      while (next != DELIMITER) {
        next = read();
      }
      JsonObject answer = answer();
      if (answer.number("return", -1) == number) {
        return;
      }
      next = read();
    }
  }

  /**
   * Asks.
   *
   * @return the whole answer; what was asked stands in its {@code return}
   * @throws EngineException when the agent refuses or does not answer in time
   */
  public JsonObject ask(String command, Props arguments) {
    try {
      send(command, arguments);
      return accepted(command, answer());
    } catch (IOException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING,
          "the agent of guest '" + guest + "' does not answer '" + command + "': " + e.getMessage(),
          e);
    }
  }

  /**
   * Tells something that has an answer only when it is refused: a shutdown.
   *
   * @param patience for a refusal
   */
  public void tell(String command, Props arguments, Duration patience) {
    try {
      send(command, arguments);
      refusal(command, Math.min(deadline, System.nanoTime() + patience.toNanos()));
    } catch (IOException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING,
          "the agent of guest '" + guest + "' cannot be told '" + command + "': " + e.getMessage(),
          e);
    }
  }

  private void refusal(String command, long until) throws IOException {
    while (!buffer.hasRemaining()) {
      channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0 || selector.select(left) == 0) {
        return;
      }
      selector.selectedKeys().clear();
      buffer.clear();
      int count = channel.read(buffer);
      buffer.flip();
      if (count < 0) {
        return; // the guest has gone already
      }
    }
    accepted(command, answer());
  }

  private JsonObject accepted(String command, JsonObject answer) {
    if (answer.has("error")) {
      throw new EngineException(
          Kind.FAILED,
          "the agent of guest '"
              + guest
              + "' refuses '"
              + command
              + "': "
              + answer.object("error").string("desc", ""));
    }
    return answer;
  }

  private void send(String command, Props arguments) throws IOException {
    Props message = Props.of("execute", command);
    if (!arguments.isEmpty()) {
      message.put("arguments", arguments);
    }
    write((message.json() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  private JsonObject answer() throws IOException {
    SpokenLine line = new SpokenLine();
    try {
      byte b = read();
      while (b != '\n') {
        line.add(b);
        b = read();
      }
      return line.end();
    } finally {
      line.reset();
    }
  }

  private byte read() throws IOException {
    while (!buffer.hasRemaining()) {
      if (System.nanoTime() >= deadline) {
        throw late(); // one that never ceases to speak
      }
      buffer.clear();
      int count = channel.read(buffer);
      buffer.flip();
      if (count < 0) {
        throw new IOException("the channel is closed");
      }
      if (count == 0) {
        await(SelectionKey.OP_READ);
      }
    }
    return buffer.get();
  }

  private void await(int interest) throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    channel.keyFor(selector).interestOps(interest);
    if (left <= 0 || selector.select(left) == 0 && System.nanoTime() >= deadline) {
      throw late();
    }
    selector.selectedKeys().clear();
  }

  private static IOException late() {
    return new IOException("no answer in time; does it run in the guest?");
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException e) {
      // nothing is lost with it
      return;
    }
  }
}
