package launcher.spawn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Unchanging bytes: a program's input, output, or a secret; printing shows their number only. */
public final class Bytes {
  /** None. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of the bytes. */
  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  /** The text in UTF-8. */
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Number of bytes. */
  public int size() {
    return content.length;
  }

  /** A copy. */
  public byte[] toArray() {
    return content.clone();
  }

  /** As UTF-8; malformed bytes become U+FFFD. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /** The array itself, for this package's input and output, which only reads it. */
  byte[] array() {
    return content;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
