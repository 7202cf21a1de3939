package launcher.spawn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes what {@code orders.c} reads: a header, then orders of a type, a length and a payload
 * padded to 8 bytes.
 */
final class Orders {
  /** The types of {@code enum order_type} in {@code orders.h}. */
  enum Type {
    DEATH_SIGNAL(1),
    NEW_SESSION(2),
    OPEN(3),
    INHERIT(4),
    NULL(5),
    SAME(6),
    DIRECTORY(7),
    UMASK(8),
    OOM_SCORE(9),
    SCHEDULING(10),
    NICE(11),
    AFFINITY(12),
    CGROUP(13),
    PID_FILE(14),
    LEASE(15),
    LABEL(16),
    NO_NEW_PRIVILEGES(17),
    LANDLOCK_RULE(18),
    LANDLOCK(19),
    LIMIT(20),
    IDENTITY(21),
    CAPABILITIES(22),
    HANDSHAKE(23),
    PROGRAM(24),
    ARGUMENTS(25),
    ENVIRONMENT(26),
    HAND_OVER(27),
    REGISTER(28);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  private static final int MAGIC = 0x3152444f;
  private static final int HEADER = 8;
  private static final int MAXIMUM = 16 << 20;

  private final List<String> objects = new ArrayList<>();
  private ByteBuffer bytes = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
  private int orderStart;

  Orders() {
    bytes.putInt(MAGIC).putInt(0);
  }

  /** Begins an order; its payload follows by {@link #number}, {@link #wide} and {@link #text}. */
  Orders begin(Type type, String object) {
    end();
    objects.add(object);
    orderStart = bytes.position();
    room(8);
    bytes.putInt(type.number).putInt(0);
    return this;
  }

  Orders number(int value) {
    room(4);
    bytes.putInt(value);
    return this;
  }

  Orders wide(long value) {
    room(8);
    bytes.putLong(value);
    return this;
  }

  Orders raw(byte[] value) {
    room(value.length);
    bytes.put(value);
    return this;
  }

  /** Adds a text and its NUL. */
  Orders text(String value) {
    room(value.length() + 1);
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c >= 0x80) {
        return encoded(value.substring(at));
      }
      bytes.put((byte) c);
    }
    bytes.put((byte) 0);
    return this;
  }

  private Orders encoded(String value) {
    try {
      ByteBuffer utf8 =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(value));
      room(utf8.remaining() + 1);
      bytes.put(utf8).put((byte) 0);
      return this;
    } catch (CharacterCodingException lone) {
      throw new IllegalArgumentException(
          "Half a surrogate pair in '" + value + "': it has no UTF-8", lone);
    }
  }

  private void end() {
    if (orderStart == 0) {
      return;
    }
    bytes.putInt(orderStart + 4, bytes.position() - orderStart - 8);
    int padding = -bytes.position() & 7;
    room(padding);
    bytes.position(bytes.position() + padding);
    orderStart = 0;
  }

  private void room(int wanted) {
    if (bytes.remaining() >= wanted) {
      return;
    }
    int size = Math.max(bytes.capacity() * 2, bytes.position() + wanted);
    if (size > MAXIMUM * 2) {
      throw new IllegalArgumentException("A command of more than " + MAXIMUM + " bytes");
    }
    bytes =
        ByteBuffer.wrap(Arrays.copyOf(bytes.array(), size))
            .order(ByteOrder.nativeOrder())
            .position(bytes.position());
  }

  /** Everything, ready to be sent. */
  byte[] toBytes() {
    end();
    bytes.putInt(4, bytes.position() - HEADER);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** What the order of a report is about; empty for none. */
  String object(int order) {
    return order >= 0 && order < objects.size() ? objects.get(order) : "";
  }
}
