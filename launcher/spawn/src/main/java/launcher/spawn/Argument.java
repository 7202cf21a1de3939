package launcher.spawn;

/**
 * One word of a command line, exactly as the program receives it.
 *
 * @param text the word; may be empty, may hold blanks, quotes and newlines, never a NUL
 * @param origin where it came from
 */
public record Argument(String text, Origin origin) {
  public Argument {
    Words.refuseNul("argument", text);
  }

  /** A word of no known origin. */
  public static Argument of(String text) {
    return new Argument(text, Origin.NONE);
  }
}
