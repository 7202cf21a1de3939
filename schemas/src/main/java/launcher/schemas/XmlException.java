package launcher.schemas;

import java.util.List;
import java.util.stream.Collectors;

/** A document cannot be used; says every problem found. */
public final class XmlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<XmlProblem> problems;

  /** Made from at least one problem. */
  public XmlException(List<XmlProblem> problems) {
    super(problems.stream().map(XmlProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order of the document where that is known. */
  public List<XmlProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
