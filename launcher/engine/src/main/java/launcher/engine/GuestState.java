package launcher.engine;

/**
 * What a guest is doing, in virsh's words.
 *
 * @param phase the state itself
 * @param reason why, in one or two words: {@code booted}, {@code user}, {@code saved}
 * @param answering false when its process did not answer within the deadline
 */
public record GuestState(Phase phase, String reason, boolean answering) {
  /** The states. */
  public enum Phase {
    /** Its processors run, or wait for work. */
    RUNNING("running"),
    /** Its process is there, its processors stand still until it is resumed. */
    PAUSED("paused"),
    /** It was asked to shut down and has agreed; its process is there. */
    IN_SHUTDOWN("in shutdown"),
    /** It has no process. */
    SHUT_OFF("shut off"),
    /** It has ended badly, or has panicked and is kept for who wants to look. */
    CRASHED("crashed"),
    /** It sleeps by itself (ACPI S3) and can be woken. */
    SUSPENDED("pmsuspended");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    /** {@code shut off}. */
    public String words() {
      return words;
    }
  }

  /** A state that was told by a guest that answers. */
  public GuestState(Phase phase, String reason) {
    this(phase, reason, true);
  }

  /** Whether there is a process. */
  public boolean active() {
    return switch (phase) {
      case RUNNING, PAUSED, IN_SHUTDOWN, SUSPENDED -> true;
      // a crashed guest that is preserved still has its process, see GuestLife
      case CRASHED -> reason.equals("panicked");
      case SHUT_OFF -> false;
    };
  }

  /** {@code running (booted)}. */
  @Override
  public String toString() {
    return phase.words() + " (" + reason + ")" + (answering ? "" : ", not answering");
  }
}
