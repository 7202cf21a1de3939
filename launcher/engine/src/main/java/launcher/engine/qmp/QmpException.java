package launcher.engine.qmp;

/** A monitor command was not carried out. */
public final class QmpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    /** QEMU refused; the message holds its own words. */
    REFUSED,
    /** No answer within the deadline; it may still be carried out. */
    NO_ANSWER,
    /** The connection is gone: QEMU ended, or somebody else has its monitor. */
    CLOSED
  }

  private final Kind kind;
  private final String errorClass;

  QmpException(Kind kind, String errorClass, String message) {
    super(message);
    this.kind = kind;
    this.errorClass = errorClass;
  }

  QmpException(Kind kind, String message) {
    this(kind, "", message);
  }

  QmpException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    errorClass = "";
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** QEMU's class of error, such as {@code DeviceNotFound}; empty unless refused. */
  public String errorClass() {
    return errorClass;
  }
}
