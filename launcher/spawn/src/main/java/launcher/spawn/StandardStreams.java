package launcher.spawn;

/**
 * The three standard streams of a program.
 *
 * @param input standard input, {@code /dev/null} unless asked
 * @param output standard output
 * @param error standard error
 */
public record StandardStreams(StandardInput input, StandardOutput output, StandardOutput error) {
  /** All three {@code /dev/null}. */
  public static final StandardStreams NULL =
      new StandardStreams(
          new StandardInput.Null(), new StandardOutput.Null(), new StandardOutput.Null());

  public StandardStreams {
    if (output instanceof StandardOutput.Merged) {
      throw new IllegalArgumentException("Standard output cannot be merged into itself");
    }
  }

  /** True when somebody must read or write while the program runs. */
  public boolean needsPump() {
    return input instanceof StandardInput.Fed
        || output instanceof StandardOutput.Captured
        || error instanceof StandardOutput.Captured;
  }
}
