package launcher.drivers.plan;

import java.util.List;
import java.util.stream.Collectors;
import launcher.schemas.XmlProblem;

/** A model is well-formed and cannot be started here: all reasons at once. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<XmlProblem> problems;

  public PlanException(List<XmlProblem> problems) {
    super(problems.stream().map(XmlProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every reason, with its place. */
  public List<XmlProblem> problems() {
    return problems;
  }
}
