package launcher.engine.lease;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is said to sanlock's daemon: on its command line, and on its socket by the guest's own
 * process, which must register itself (sanlock(8): a pid can be given leases once it is
 * registered).
 *
 * <p>The socket speaks headers of eight 32-bit words in the machine's byte order, seen with
 * strace(1) on sanlock 3.8.5: a magic number, the version, the command, its flags, the length, a
 * sequence number, and two words of data.
 */
final class SanlockWords {
  private static final int MAGIC = 0x04282010;
  private static final int VERSION = 1;
  private static final int REGISTER = 1;
  private static final int RESTRICT = 10;

  /** Everything: who takes the program over can give no lease back through its connection. */
  private static final int RESTRICT_ALL = 1;

  private static final int HEADER = 32;

  private SanlockWords() {}

  /** Register this process, then restrict what it may say. */
  static byte[] greeting() {
    ByteBuffer words = ByteBuffer.allocate(2 * HEADER).order(ByteOrder.nativeOrder());
    header(words, REGISTER, 0, 0);
    header(words, RESTRICT, RESTRICT_ALL, -1);
    return words.array();
  }

  /** What comes back to the restriction; registering is not answered. */
  static byte[] answer() {
    ByteBuffer words = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder());
    header(words, RESTRICT, RESTRICT_ALL, 0);
    return words.array();
  }

  private static void header(ByteBuffer words, int command, int flags, int data) {
    words.putInt(MAGIC).putInt(VERSION).putInt(command).putInt(flags).putInt(HEADER);
    words.putInt(0).putInt(0).putInt(data);
  }

  /** {@code lockspace:name:path:offset}. */
  static String resource(String lockspace, String name, String path, long offset) {
    return escaped(lockspace) + ":" + escaped(name) + ":" + escaped(path) + ":" + offset;
  }

  /** {@code lockspace:host:path:0}. */
  static String lockspace(String lockspace, int host, String path) {
    return escaped(lockspace) + ":" + host + ":" + escaped(path) + ":0";
  }

  private static String escaped(String part) {
    return part.replace("\\", "\\\\").replace(":", "\\:");
  }
}
