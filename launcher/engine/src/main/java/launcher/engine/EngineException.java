package launcher.engine;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;
import launcher.schemas.XmlProblem;

/**
 * What was asked for did not happen: which act, on which object, why. Its message is whole and says
 * the way out where there is one.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of reasons, for those who must act on them. */
  public enum Kind {
    /** No such guest, network, device, snapshot. */
    NOT_FOUND,
    /** The name or UUID is taken. */
    EXISTS,
    /** The state does not allow it: already running, not running, no agent. */
    WRONG_STATE,
    /** The XML or an option is wrong; {@link EngineException#problems()} lists an XML's. */
    INVALID,
    /** The guest's process does not answer. */
    NOT_ANSWERING,
    /** It did not happen in time. */
    TIMEOUT,
    /** A step or program failed. */
    FAILED
  }

  private final Kind kind;
  private final transient List<XmlProblem> problems;

  public EngineException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    problems = List.of();
  }

  public EngineException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    problems = List.of();
  }

  /** An XML is refused. */
  public EngineException(List<XmlProblem> problems) {
    super(problems.stream().map(XmlProblem::toString).collect(Collectors.joining("\n")));
    kind = Kind.INVALID;
    this.problems = List.copyOf(problems);
  }

  /**
   * What a failure of input or output says in words that a person knows: the JDK's message of many
   * is the file's path alone.
   */
  public static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or directory";
    } else if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "File exists";
    } else if (failure instanceof FileSystemException file && file.getReason() != null) {
      return String.valueOf(file.getReason());
    }
    return failure.getMessage() == null ? failure.toString() : String.valueOf(failure.getMessage());
  }

  /** What kind of reason it is. */
  public Kind kind() {
    return kind;
  }

  /** Everything wrong in an XML; empty for other kinds. */
  public List<XmlProblem> problems() {
    return problems;
  }
}
