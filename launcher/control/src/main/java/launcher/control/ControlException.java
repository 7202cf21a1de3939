package launcher.control;

/** A call that did not end well, as the caller shall read it. */
public final class ControlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  /** A failure with its message, which names the act, the object and the reason. */
  public ControlException(Outcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  /** The same with what caused it. */
  public ControlException(Outcome outcome, String message, Throwable cause) {
    super(message, cause);
    this.outcome = outcome;
  }

  /** What kind of failure it is; never {@link Outcome#DONE}. */
  public Outcome outcome() {
    return outcome;
  }
}
