package launcher.drivers.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.MissingDevices;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.pipeline.CommandPipeline;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.domain.Domain;
import launcher.schemas.domain.DomainSchema;

/** From a domain's text to its completed definition and QEMU's command, for a given host. */
public final class QemuTranslation {
  private final QemuHost host;
  private final boolean validate;

  /**
   * For a host.
   *
   * @param validate whether things the schema does not know refuse the domain; else they are warned
   *     of
   */
  public QemuTranslation(QemuHost host, boolean validate) {
    this.host = host;
    this.validate = validate;
  }

  /**
   * What became of a domain.
   *
   * @param completed the completed tree; none when the domain is refused
   * @param command QEMU's command; none when the domain is refused
   * @param problems everything found, refusals and warnings
   */
  public record Result(
      Optional<XmlElement> completed, Optional<QemuCommand> command, List<XmlProblem> problems) {
    /** Copies the list. */
    public Result {
      problems = List.copyOf(problems);
    }

    /** Whether the domain is refused. */
    public boolean refused() {
      return problems.stream().anyMatch(XmlProblem::refuses);
    }
  }

  /**
   * Completes a domain.
   *
   * @param file name of the document for problems
   */
  public Result complete(String file, String text) {
    try {
      return complete(file, XmlReader.read(file, text));
    } catch (XmlException e) {
      return new Result(Optional.empty(), Optional.empty(), e.problems());
    }
  }

  private Result complete(String file, XmlElement tree) {
    List<XmlProblem> problems = new ArrayList<>();
    for (XmlProblem problem : DomainSchema.check(file, tree)) {
      problems.add(validate ? problem : problem.asWarning());
    }
    if (problems.stream().anyMatch(XmlProblem::refuses)) {
      return new Result(Optional.empty(), Optional.empty(), problems);
    }
    Draft draft = new Draft(file, tree, host);
    try {
      DraftPipeline.complete(draft);
    } catch (RuntimeException e) {
      return unusable(file, problems, draft, e);
    }
    problems.addAll(draft.problems());
    return draft.refused()
        ? new Result(Optional.empty(), Optional.empty(), problems)
        : new Result(Optional.of(tree), Optional.empty(), problems);
  }

  /**
   * Completes a domain and writes its command.
   *
   * @param file name of the document for problems
   */
  public Result translate(String file, String text) {
    return translate(file, complete(file, text));
  }

  /**
   * Completes a domain and writes its command.
   *
   * @param file name of the document for problems
   * @param document as it lies on disk: it says itself how it is encoded
   */
  public Result translate(String file, byte[] document) {
    try {
      return translate(file, complete(file, XmlReader.read(file, document)));
    } catch (XmlException e) {
      return new Result(Optional.empty(), Optional.empty(), e.problems());
    }
  }

  private Result translate(String file, Result completed) {
    if (completed.completed().isEmpty()) {
      return completed;
    }
    Draft draft = new Draft(file, completed.completed().get().copy(), host);
    List<XmlProblem> problems = new ArrayList<>(completed.problems());
    try {
      return translate(file, completed, draft, problems);
    } catch (RuntimeException e) {
      return unusable(file, problems, draft, e);
    }
  }

  private Result translate(String file, Result completed, Draft draft, List<XmlProblem> problems) {
    DraftPipeline.prepare(draft);
    problems.addAll(draft.problems());
    if (draft.refused()) {
      return new Result(Optional.empty(), Optional.empty(), problems);
    }
    QemuCommand command = command(draft);
    MissingDevices.of(command, host.capabilities())
        .forEach((at, type) -> problems.add(XmlProblem.at(file, at, MissingDevices.message(type))));
    return problems.stream().anyMatch(XmlProblem::refuses)
        ? new Result(Optional.empty(), Optional.empty(), problems)
        : new Result(completed.completed(), Optional.of(command), problems);
  }

  // Values that the schema would have refused come here with --no-validate: letters for a number,
  // a device twice. What refuses such a definition must not depend on each rule's expecting it.
  private static Result unusable(
      String file, List<XmlProblem> before, Draft draft, RuntimeException fault) {
    List<XmlProblem> problems = new ArrayList<>(before);
    problems.addAll(draft.problems());
    problems.add(
        XmlProblem.at(
            file,
            draft.domain(),
            "a value of this definition cannot be used: " + fault.getMessage()));
    return new Result(Optional.empty(), Optional.empty(), problems);
  }

  private QemuCommand command(Draft draft) {
    Domain domain = Domain.of(draft.domain());
    return CommandPipeline.write(new Guest(domain, draft.domain(), draft.machine(), host));
  }
}
