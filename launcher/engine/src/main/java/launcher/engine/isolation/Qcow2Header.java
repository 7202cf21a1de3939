package launcher.engine.isolation;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the header of a qcow2 image says of other files (QEMU, docs/interop/qcow2.txt). Whoever
 * wrote the image wrote it, so no number in it is believed.
 *
 * @param backing name of the backing file; empty for none
 * @param backingFormat its format; empty when it is not said
 * @param externalData whether the data lies in a file of its own
 */
record Qcow2Header(String backing, String backingFormat, boolean externalData) {
  /** How much of an image is looked at: QEMU wants names in the first cluster, of 2 MiB at most. */
  static final int MOST = 64 << 10;

  private static final int MAGIC = 0x514649fb;
  private static final int LENGTH_OF_VERSION_2 = 72;
  private static final int LONGEST_NAME = 1023;
  private static final long EXTERNAL_DATA = 1 << 2;
  private static final int BACKING_FORMAT = 0xe2792aca;
  private static final Qcow2Header NONE = new Qcow2Header("", "", false);

  /**
   * Reads it; what is no qcow2 image says nothing, and QEMU refuses it.
   *
   * @param start the first bytes of the file
   * @throws EOFException when it is cut off or its numbers lead out of it
   */
  static Qcow2Header read(ByteBuffer start) throws EOFException {
    if (start.limit() < LENGTH_OF_VERSION_2 || start.getInt(0) != MAGIC) {
      return NONE;
    }
    boolean later = start.getInt(4) >= 3;
    if (later && start.limit() < 104) {
      throw new EOFException("cut off");
    }
    boolean external = later && (start.getLong(72) & EXTERNAL_DATA) != 0;
    int length = later ? start.getInt(100) : LENGTH_OF_VERSION_2;
    long offset = start.getLong(8);
    int size = start.getInt(16);
    if (offset == 0) {
      return new Qcow2Header("", "", external);
    }
    if (size <= 0 || size > LONGEST_NAME || offset < 0 || offset > start.limit() - size) {
      throw new EOFException(
          "cut off, or not to be believed: a name of " + size + " bytes at " + offset);
    }
    return new Qcow2Header(text(start, (int) offset, size), format(start, length), external);
  }

  private static String text(ByteBuffer start, int offset, int size) {
    byte[] bytes = new byte[size];
    start.get(offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Extensions follow the header: type, length, content padded to 8 bytes; type 0 ends them. */
  private static String format(ByteBuffer start, int length) {
    int at = length;
    while (at >= LENGTH_OF_VERSION_2 && at <= start.limit() - 8) {
      int type = start.getInt(at);
      int size = start.getInt(at + 4);
      if (type == 0 || size < 0 || size > start.limit() - at - 8) {
        return "";
      }
      if (type == BACKING_FORMAT) {
        return text(start, at + 8, size);
      }
      at += 8 + (size + 7 & ~7);
    }
    return "";
  }
}
