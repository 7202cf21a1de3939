package launcher.spawn;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A command did not start or did not do its work: at which step, whose program, why. */
public final class SpawnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SpawnStep step;
  private final int errno;
  private final transient @Nullable Path program;
  private final String object;
  private final String reason;

  /**
   * The kernel refused.
   *
   * @param step what was tried
   * @param object what it was tried on, such as a path or the name of a limit; may be empty
   * @param program the program to be started
   * @param errno why, at least 1
   */
  public SpawnException(SpawnStep step, String object, Path program, int errno) {
    this(step, object, program, errno, Errno.text(errno));
  }

  /**
   * It failed for a reason of more words than an errno has.
   *
   * @param errno 0 when the kernel had no part in it
   * @param reason the reason in words
   */
  public SpawnException(SpawnStep step, String object, Path program, int errno, String reason) {
    super(
        "Failed at step '"
            + step
            + "'"
            + on(object, program)
            + " starting '"
            + program
            + "': "
            + reason);
    this.reason = reason;
    this.step = step;
    this.object = object;
    this.program = program;
    this.errno = errno;
  }

  private SpawnException(String message, SpawnStep step, Path program, int errno) {
    super(message);
    reason = message;
    this.step = step;
    object = "";
    this.errno = errno;
    this.program = program;
  }

  /** The program ran and did not succeed. */
  public static SpawnException ended(Path program, String how) {
    return new SpawnException("'" + program + "' " + how, SpawnStep.RUN, program, 0);
  }

  /** A file could not be opened as somebody else; {@code program} is the file. */
  static SpawnException opening(
      SpawnStep step, Path file, Identity identity, int errno, String reason) {
    String message =
        "Failed at step '"
            + step
            + "' opening '"
            + file
            + "' as user "
            + identity.uid()
            + ": "
            + reason;
    return new SpawnException(message, step, file, errno);
  }

  private static String on(String object, Path program) {
    return object.isEmpty() || object.equals(program.toString()) ? "" : " of '" + object + "'";
  }

  /** Why, without what and where. */
  public String reason() {
    return reason;
  }

  /** What was tried. */
  public SpawnStep step() {
    return step;
  }

  /** The kernel's reason; 0 when it had no part in it. */
  public int errno() {
    return errno;
  }

  /** What it was tried on; may be empty. */
  public String object() {
    return object;
  }

  /** The program; null only in a copy that was serialized. */
  public @Nullable Path program() {
    return program;
  }
}
