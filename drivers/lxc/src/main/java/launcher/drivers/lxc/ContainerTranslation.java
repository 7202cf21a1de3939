package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.container.ContainerSchema;

/** From a container's text to its completed definition. */
public final class ContainerTranslation {
  private ContainerTranslation() {}

  /**
   * What became of a definition.
   *
   * @param completed the completed tree; none when the container is refused
   * @param problems everything found
   */
  public record Result(Optional<XmlElement> completed, List<XmlProblem> problems) {
    /** Copies the list. */
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads, checks and completes a definition.
   *
   * @param file name of the document for problems
   * @param uuid for a definition that has none
   * @param hostArchitecture in libvirt's names
   */
  public static Result complete(String file, String text, String uuid, String hostArchitecture) {
    XmlElement domain;
    try {
      domain = XmlReader.read(file, text);
    } catch (XmlException e) {
      return new Result(Optional.empty(), e.problems());
    }
    List<XmlProblem> problems = complete(file, domain, uuid, hostArchitecture, true);
    boolean refused = problems.stream().anyMatch(XmlProblem::refuses);
    return new Result(refused ? Optional.empty() : Optional.of(domain), problems);
  }

  /**
   * Checks and completes a definition in place.
   *
   * @param file name of the document for problems
   * @param uuid for a definition that has none
   * @param hostArchitecture in libvirt's names
   * @param validate whether what the schema does not know refuses the definition, or is warned of
   * @return everything found; when something refuses it, the tree is to be thrown away
   */
  public static List<XmlProblem> complete(
      String file, XmlElement domain, String uuid, String hostArchitecture, boolean validate) {
    List<XmlProblem> problems = new ArrayList<>();
    for (XmlProblem problem : ContainerSchema.check(file, domain)) {
      problems.add(validate ? problem : problem.asWarning());
    }
    if (problems.stream().noneMatch(XmlProblem::refuses)) {
      ContainerCompletion.complete(domain, uuid, hostArchitecture);
      problems.addAll(ContainerRules.check(file, domain));
    }
    return problems;
  }
}
