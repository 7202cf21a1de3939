package launcher.engine.run;

import launcher.drivers.plan.Step;

/** A step was not carried out; what had been done before it is taken back. */
public final class StepException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Step step;

  public StepException(Step step, String guest, String reason, Throwable cause) {
    super(
        "Failed at step '"
            + step.name()
            + "'"
            + (step.object().isEmpty() ? "" : " of '" + step.object() + "'")
            + " starting '"
            + guest
            + "': "
            + reason,
        cause);
    this.step = step;
  }

  /** What was tried. */
  public Step step() {
    return step;
  }
}
