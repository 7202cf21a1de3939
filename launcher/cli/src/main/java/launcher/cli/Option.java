package launcher.cli;

import java.util.Optional;

/**
 * An option of a verb.
 *
 * @param name without the dashes
 * @param value what to call its value in the help; empty for a flag
 * @param meaning one line of help
 */
public record Option(String name, Optional<String> value, String meaning) {

  /** Whether it stands alone. */
  public boolean isFlag() {
    return value.isEmpty();
  }
}
