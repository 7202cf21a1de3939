package launcher.spawn.words;

/** {@code name=value} as an option's value. */
record Pair(String name, String value) {
  static Pair of(String option, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "Option --" + option + " wants NAME=VALUE, not '" + text + "'");
    }
    return new Pair(text.substring(0, equals), text.substring(equals + 1));
  }
}
