package launcher.engine.shutdown;

import java.util.Arrays;
import java.util.Optional;

/** What can be done to a guest before its host goes down. */
public enum Act {
  /** Its memory is written to disk; it goes on where it was. */
  SAVE("save"),
  /** Its agent is asked to power off. */
  AGENT("agent"),
  /** Its power button is pressed; a container's init gets its signal. */
  ACPI("acpi"),
  /** Its process is ended. */
  POWER_OFF("power-off"),
  /** Nothing: whoever stops the host ends it. */
  LEAVE("leave");

  private final String word;

  Act(String word) {
    this.word = word;
  }

  /** As in a ladder: {@code power-off}. */
  public String word() {
    return word;
  }

  /** The act with that word. */
  public static Optional<Act> of(String word) {
    return Arrays.stream(values()).filter(a -> a.word.equals(word)).findFirst();
  }
}
