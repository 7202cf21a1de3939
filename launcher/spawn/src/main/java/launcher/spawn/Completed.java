package launcher.spawn;

/**
 * A program that has ended, and what it said.
 *
 * @param command what was run
 * @param status how it ended
 * @param output captured standard output; empty when it was not captured
 * @param error captured standard error; empty when it was not captured or was merged into output
 * @param truncated true when one of them was longer than its limit
 */
public record Completed(
    CommandSpec command, ExitStatus status, Bytes output, Bytes error, boolean truncated) {
  private static final int TAIL = 2000;

  /** Standard output as text. */
  public String text() {
    return output.text();
  }

  /**
   * This, if the exit status is 0.
   *
   * @throws SpawnException with the tail of standard error when it is not
   */
  public Completed orThrow() {
    if (status.success()) {
      return this;
    }
    String said = tail(error.text());
    throw SpawnException.ended(
        command.program(), "failed, " + status + (said.isEmpty() ? "" : ": " + said));
  }

  private static String tail(String text) {
    String stripped = text.strip();
    return stripped.length() <= TAIL
        ? stripped
        : "…" + stripped.substring(stripped.length() - TAIL);
  }
}
