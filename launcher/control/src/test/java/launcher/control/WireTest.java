package launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import launcher.control.Message.Event;
import launcher.control.Message.Failure;
import launcher.control.Message.Greeting;
import launcher.control.Message.Reply;
import launcher.control.Message.Request;
import launcher.control.Message.Stream;
import org.junit.jupiter.api.Test;

class WireTest {

  /** Gives given bytes, few at a time, and keeps what is written. */
  private static final class Bytes implements ByteChannel {
    private final ByteBuffer input;
    private final int most;
    private final StringBuilder output = new StringBuilder();

    Bytes(String text, int most) {
      input = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      this.most = most;
    }

    @Override
    public int read(ByteBuffer target) {
      if (!input.hasRemaining()) {
        return -1;
      }
      int count = Math.min(most, Math.min(input.remaining(), target.remaining()));
      target.put(input.slice(input.position(), count));
      input.position(input.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      output.append((char) source.get());
      return 1;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void everyKindOfMessageArrivesAsItWasSent() throws IOException {
    Message[] messages = {
      new Greeting(1, "0.1", "kill 4711"),
      new Request(1, "list", Json.object("all", true)),
      new Event(1, Json.of("x")),
      new Reply(1, Json.of(List.of("a".repeat(50_000)))),
      new Failure(2, Outcome.NOT_FOUND, "no guest"),
      new Stream(3, Json.object())
    };
    Bytes sent = new Bytes("", 1);
    Wire out = new Wire(sent);
    for (Message message : messages) {
      out.write(message);
    }
    for (int most : new int[] {1, 7, 100_000}) {
      Wire in = new Wire(new Bytes(sent.output.toString(), most));
      for (Message message : messages) {
        assertEquals(Optional.of(message), in.read());
      }
      assertEquals(Optional.empty(), in.read());
    }
  }

  @Test
  void theStreamBeginsRightAfterTheMessage() throws IOException {
    Wire wire = new Wire(new Bytes("{\"id\":1,\"stream\":{}}\nGUEST-UP\r\n", 1000));
    assertEquals(Optional.of(new Stream(1, Json.object())), wire.read());
    ByteBuffer bytes = ByteBuffer.allocate(100);
    assertEquals(10, wire.stream().read(bytes));
    assertEquals("GUEST-UP\r\n", new String(bytes.array(), 0, 10, StandardCharsets.UTF_8));
  }

  @Test
  void refusesALineThatNeverEnds() {
    Wire wire = new Wire(new Bytes("x".repeat(Wire.MAXIMUM_LINE_BYTES + 1), 1 << 20));
    ControlException e = assertThrows(ControlException.class, wire::read);
    assertEquals("a message of more than 16777216 bytes is refused", e.getMessage());
  }

  @Test
  void anUnfinishedLineIsNoMessage() throws IOException {
    assertEquals(Optional.empty(), new Wire(new Bytes("{\"id\":1", 100)).read());
  }
}
