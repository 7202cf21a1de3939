package launcher.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Messages over a connected socket, one line each. One thread reads; any number write. */
public final class Wire implements Closeable {
  /** A longer line is refused: no definition or answer is that big, and memory is finite. */
  public static final int MAXIMUM_LINE_BYTES = 16 << 20;

  private static final int FIRST_BUFFER_BYTES = 8 << 10;

  private final ByteChannel channel;
  private final int longest;
  private final int mostValues;
  private final ReentrantLock writing = new ReentrantLock();

  /** Whether part of a message was written and not the rest: nothing can follow it. */
  private boolean broken;

  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER_BYTES).limit(0);

  /** Messages over that channel, which is closed with this. */
  public Wire(ByteChannel channel) {
    this(channel, MAXIMUM_LINE_BYTES, Integer.MAX_VALUE);
  }

  /**
   * Messages from somebody who is trusted with less memory.
   *
   * @param longest line that is read, in bytes
   * @param mostValues of a line that is read, see {@link JsonReader#read(String, int)}
   */
  public Wire(ByteChannel channel, int longest, int mostValues) {
    this.channel = channel;
    this.longest = longest;
    this.mostValues = mostValues;
  }

  /**
   * The next message; empty at the end of the stream.
   *
   * @throws ControlException when the line is too long or not a message
   */
  public Optional<Message> read() throws IOException {
    int searched = 0;
    while (true) {
      int lineEnd = lineEnd(searched);
      if (lineEnd >= 0) {
        byte[] line = new byte[lineEnd - buffer.position()];
        buffer.get(line).get();
        String text = new String(line, StandardCharsets.UTF_8);
        return Optional.of(Message.of(JsonReader.read(text, mostValues)));
      }
      searched = buffer.remaining();
      if (!fill()) {
        return Optional.empty();
      }
    }
  }

  private int lineEnd(int searched) {
    byte[] bytes = buffer.array();
    for (int i = buffer.position() + searched; i < buffer.limit(); i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    if (buffer.remaining() >= longest) {
      throw new ControlException(
          Outcome.USAGE, "a message of more than " + longest + " bytes is refused");
    }
    if (buffer.limit() == buffer.capacity()) {
      int size = buffer.remaining() * 2 > buffer.capacity() ? 2 : 1;
      buffer =
          ByteBuffer.wrap(Arrays.copyOf(remainingBytes(), buffer.capacity() * size))
              .limit(buffer.remaining());
    }
    int start = buffer.position();
    int end = buffer.limit();
    buffer.position(end).limit(buffer.capacity());
    int count = channel.read(buffer);
    buffer.position(start).limit(end + Math.max(count, 0));
    return count >= 0;
  }

  private byte[] remainingBytes() {
    return Arrays.copyOfRange(buffer.array(), buffer.position(), buffer.limit());
  }

  /**
   * Sends a message; whole messages only, whoever else is sending.
   *
   * @throws ControlException when it is too long; nothing of it was sent
   */
  public void write(Message message) throws IOException {
    byte[] line = (JsonWriter.line(message.toJson()) + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > MAXIMUM_LINE_BYTES) {
      throw new ControlException(
          Outcome.FAILED, "a message of more than " + MAXIMUM_LINE_BYTES + " bytes is not sent");
    }
    ByteBuffer bytes = ByteBuffer.wrap(line);
    writing.lock();
    try {
      if (broken) {
        throw new IOException("an earlier message was not taken whole");
      }
      broken = true;
      while (bytes.hasRemaining()) {
        // a channel with a limit of time writes nothing when it is over (SO_SNDTIMEO)
        if (channel.write(bytes) == 0) {
          throw new IOException("the other side does not read");
        }
      }
      broken = false;
    } finally {
      writing.unlock();
    }
  }

  /**
   * The raw connection after a {@link Message.Stream}: bytes that were read ahead come first. No
   * message may be read or written afterwards.
   */
  public ByteChannel stream() {
    return new StreamAfterMessages(channel, buffer);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
