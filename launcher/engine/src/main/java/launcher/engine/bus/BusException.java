package launcher.engine.bus;

/** A call over D-Bus failed, or the bus itself. */
public final class BusException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String name;

  BusException(String name, String message) {
    super(message);
    this.name = name;
  }

  BusException(String message, Throwable cause) {
    super(message, cause);
    this.name = "";
  }

  /** Name of the error as the service said it, empty when there was no answer. */
  public String name() {
    return name;
  }
}
