package launcher.control;

import java.util.Optional;

/**
 * How a call ended. The number is the exit code of the {@code launcher} command and never changes
 * its meaning; the word travels in replies.
 */
public enum Outcome {
  /** Done. */
  DONE(0, "done"),
  /** What was asked did not happen. */
  FAILED(1, "failed"),
  /** The call itself is wrong: unknown verb or option, missing operand. */
  USAGE(2, "usage"),
  /** There is no such guest, network, snapshot or device. */
  NOT_FOUND(3, "not-found"),
  /** The caller may not do this. */
  REFUSED(4, "refused"),
  /** No daemon answers. */
  UNREACHABLE(5, "unreachable"),
  /** It did not happen in the time given. */
  TIMEOUT(6, "timeout"),
  /** The XML has problems; the message lists them all. */
  INVALID(7, "invalid"),
  /** The guest or network is in a state that does not allow this: already running, not running. */
  WRONG_STATE(8, "wrong-state"),
  /** It was given up because the caller said so, by ^C; 130 is what shells give an interrupt. */
  CANCELLED(130, "cancelled");

  private final int exitCode;
  private final String word;

  Outcome(int exitCode, String word) {
    this.exitCode = exitCode;
    this.word = word;
  }

  /** The exit code of the command, 0 to 8 or 130. */
  public int exitCode() {
    return exitCode;
  }

  /** The word in a reply. */
  public String word() {
    return word;
  }

  /** The outcome of that word. */
  public static Optional<Outcome> of(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word.equals(word)) {
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }
}
