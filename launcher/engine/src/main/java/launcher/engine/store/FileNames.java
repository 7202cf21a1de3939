package launcher.engine.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A file name for any text. Letters, digits, dots, hyphens and underscores stay as they are, so
 * that people find their guest; every other byte becomes {@code %XX}, and so does a leading dot or
 * hyphen. A text too long for a file name is cut and told apart by its digest.
 */
public final class FileNames {
  /** Well below NAME_MAX (255), so that a suffix fits. */
  private static final int LONGEST = 180;

  private FileNames() {}

  /** The file name of a text; different texts have different names. */
  public static String of(String text) {
    StringBuilder name = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0);
      if (plain && !(name.isEmpty() && (c == '.' || c == '-'))) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    // '~' is never in an encoded name, so a cut one meets no other
    return name.length() <= LONGEST
        ? name.toString()
        : name.substring(0, LONGEST - 33) + "~" + digest(text).substring(0, 32);
  }

  /** SHA-256 of a text, in hexadecimal digits. */
  public static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
