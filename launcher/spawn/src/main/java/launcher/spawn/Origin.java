package launcher.spawn;

/**
 * Where an argument came from, so that a command can be explained word by word.
 *
 * @param text what asked for it in the words of its author's file, such as {@code <disk> vda};
 *     empty when unknown
 * @param line line in that file, from 1; 0 when there is none
 */
public record Origin(String text, int line) {
  /** Nobody said where it came from. */
  public static final Origin NONE = new Origin("", 0);

  public Origin {
    if (line < 0) {
      throw new IllegalArgumentException("An origin's line is at least 0, not " + line);
    }
  }

  @Override
  public String toString() {
    return line == 0 ? text : text + " (line " + line + ")";
  }
}
