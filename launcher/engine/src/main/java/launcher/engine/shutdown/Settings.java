package launcher.engine.shutdown;

/** Values of settings, with words for what they may be. */
final class Settings {
  private Settings() {}

  static int number(String name, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below, together with what is out of range
    }
    throw new IllegalArgumentException(
        "'" + name + "' is a number from " + least + " to " + most + ", not '" + value + "'");
  }

  static boolean yesOrNo(String name, String value) {
    return switch (value) {
      case "yes" -> true;
      case "no" -> false;
      default ->
          throw new IllegalArgumentException("'" + name + "' is yes or no, not '" + value + "'");
    };
  }
}
