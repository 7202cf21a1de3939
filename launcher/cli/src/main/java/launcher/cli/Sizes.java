package launcher.cli;

import java.util.Locale;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** Sizes with a unit, as virsh takes them: 512M, 2GiB, 1000MB. */
final class Sizes {
  private static final String POWERS = "KMGTPE";

  private Sizes() {}

  /**
   * The number of bytes.
   *
   * @param plain bytes per unit of a number without a unit: virsh has KiB for memory and disks
   */
  static long bytes(String what, String text, long plain) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    try {
      long number = Long.parseLong(text.substring(0, digits));
      return Math.multiplyExact(number, unit(text.substring(digits).strip(), plain));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new ControlException(
          Outcome.USAGE, what + " takes a size such as 512M or 2GiB, not '" + text + "'", e);
    }
  }

  private static long unit(String word, long plain) {
    String unit = word.toUpperCase(Locale.ROOT);
    if (unit.isEmpty()) {
      return plain;
    }
    if (unit.equals("B") || unit.equals("BYTES")) {
      return 1;
    }
    int power = POWERS.indexOf(unit.charAt(0)) + 1;
    String rest = unit.substring(1);
    if (power == 0 || !(rest.isEmpty() || rest.equals("IB") || rest.equals("B"))) {
      throw new NumberFormatException(word);
    }
    long base = rest.equals("B") ? 1000 : 1024;
    long size = 1;
    for (int i = 0; i < power; i++) {
      size = Math.multiplyExact(size, base);
    }
    return size;
  }
}
