package launcher.schemas;

import java.util.Locale;
import java.util.Optional;

/** UUIDs as XML writes them: in letters of any size, with or without dashes. */
public final class Uuids {
  private Uuids() {}

  /** In small letters and with its four dashes; none for anything else. */
  public static Optional<String> canonical(String text) {
    String digits = text.strip().replace("-", "").toLowerCase(Locale.ROOT);
    return digits.matches("[0-9a-f]{32}")
        ? Optional.of(
            String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20)))
        : Optional.empty();
  }
}
