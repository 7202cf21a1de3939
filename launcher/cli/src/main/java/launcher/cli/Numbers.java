package launcher.cli;

import launcher.control.ControlException;
import launcher.control.Outcome;

/** Numbers on the command line. */
final class Numbers {
  private Numbers() {}

  static long whole(String what, String text, long minimum) {
    try {
      long number = Long.parseLong(text);
      if (number >= minimum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the same message: a number out of range and no number at all
    }
    throw new ControlException(
        Outcome.USAGE, what + " takes a number of at least " + minimum + ", not '" + text + "'");
  }
}
