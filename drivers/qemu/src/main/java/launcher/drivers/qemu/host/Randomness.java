package launcher.drivers.qemu.host;

/**
 * Where invented identities come from. The translation of files counts, so that the same input
 * gives the same output; the engine hands in real randomness.
 */
@FunctionalInterface
public interface Randomness {
  /** That many bytes. */
  byte[] bytes(int count);

  /** Bytes 0, 1, 2 … on each call. */
  static Randomness counting() {
    return count -> {
      byte[] bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) i;
      }
      return bytes;
    };
  }

  /** A random UUID (version 4). */
  default String uuid() {
    byte[] b = bytes(16);
    b[6] = (byte) ((b[6] & 0x0f) | 0x40);
    b[8] = (byte) ((b[8] & 0x3f) | 0x80);
    StringBuilder text = new StringBuilder(36);
    for (int i = 0; i < b.length; i++) {
      text.append(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
      text.append("%02x".formatted(b[i] & 0xff));
    }
    return text.toString();
  }
}
