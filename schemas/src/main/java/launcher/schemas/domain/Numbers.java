package launcher.schemas.domain;

import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Numbers as domain XML writes them. */
public final class Numbers {
  private Numbers() {}

  /** Decimal or {@code 0x…}; none for absent or anything else. Values to 2^64-1 keep their bits. */
  public static OptionalLong parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return OptionalLong.empty();
    }
    String t = text.strip();
    try {
      return OptionalLong.of(
          t.startsWith("0x") || t.startsWith("0X")
              ? Long.parseUnsignedLong(t.substring(2), 16)
              : t.startsWith("-") ? Long.parseLong(t) : Long.parseUnsignedLong(t));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A number with a unit as KiB, MiB, GB, bytes … in bytes; the given unit where none is said. */
  public static OptionalLong bytes(@Nullable String amount, @Nullable String unit, String usual) {
    OptionalLong number = parse(amount);
    if (number.isEmpty()) {
      return number;
    }
    long factor = factor(unit == null ? usual : unit);
    return factor == 0 ? OptionalLong.empty() : OptionalLong.of(number.getAsLong() * factor);
  }

  private static long factor(String unit) {
    if (Stream.of("b", "byte", "bytes").anyMatch(unit::equalsIgnoreCase)) {
      return 1;
    }
    if (unit.isEmpty()) {
      return 0;
    }
    int power = "kmgtpe".indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
    String rest = unit.substring(1);
    if (power == 0) {
      return 0;
    }
    if (rest.isEmpty() || rest.equalsIgnoreCase("iB")) {
      return 1L << (10 * power);
    }
    return rest.equalsIgnoreCase("B") ? (long) Math.pow(1000, power) : 0;
  }
}
