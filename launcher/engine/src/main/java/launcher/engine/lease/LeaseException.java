package launcher.engine.lease;

import java.io.IOException;

/** A lease that is not got. */
public final class LeaseException extends IOException {
  private static final long serialVersionUID = 1L;

  LeaseException(String reason) {
    super(reason);
  }

  LeaseException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Why, in words that follow the disk's name: {@code is held by …}. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
