package launcher.tests.chaos;

import java.util.Optional;

/**
 * What a guest is, as far as who asks for things can know it.
 *
 * @param defined whether there is a definition
 * @param name its present name
 * @param version the number in its text
 * @param autostart whether it starts with the host
 * @param run what it does
 * @param file the name it had when a save wrote its file; empty when no file fits it
 */
record GuestModel(
    boolean defined, String name, int version, boolean autostart, Run run, String file) {
  /** What a guest does. */
  enum Run {
    OFF,
    RUNNING,
    SAVED
  }

  /** What can be asked. */
  enum Act {
    DEFINE,
    START,
    DESTROY,
    SAVE,
    RESTORE,
    MANAGED_SAVE,
    RENAME,
    UNDEFINE,
    AUTOSTART
  }

  static GuestModel nothing(String name) {
    return new GuestModel(false, name, 0, false, Run.OFF, "");
  }

  /** The name that it gets when it is renamed. */
  String otherName() {
    return name.endsWith("-b") ? name.substring(0, name.length() - 2) : name + "-b";
  }

  /**
   * What an act makes of it; empty when it must be refused.
   *
   * @param newVersion the number in the text of a definition
   */
  Optional<GuestModel> after(Act act, int newVersion) {
    if (!defined && act != Act.DEFINE) {
      return Optional.empty();
    }
    return switch (act) {
      case DEFINE -> Optional.of(new GuestModel(true, name, newVersion, autostart, run, file));
      case START -> run == Run.RUNNING ? Optional.empty() : Optional.of(with(Run.RUNNING, file));
      case DESTROY -> run == Run.RUNNING ? Optional.of(with(Run.OFF, file)) : Optional.empty();
      case SAVE -> run == Run.RUNNING ? Optional.of(with(Run.OFF, name)) : Optional.empty();
      case RESTORE ->
          run == Run.OFF && file.equals(name)
              ? Optional.of(with(Run.RUNNING, file))
              : Optional.empty();
      case MANAGED_SAVE ->
          run == Run.RUNNING ? Optional.of(with(Run.SAVED, file)) : Optional.empty();
      case RENAME ->
          run == Run.OFF
              ? Optional.of(new GuestModel(true, otherName(), version, autostart, run, file))
              : Optional.empty();
      case UNDEFINE -> Optional.of(nothing(name));
      case AUTOSTART -> Optional.of(new GuestModel(true, name, version, !autostart, run, file));
    };
  }

  /**
   * Whether the chaos tries that at all: a running guest that is undefined would stay, a file that
   * is another guest's would bring that one back.
   */
  boolean sensible(Act act) {
    return switch (act) {
      case UNDEFINE -> run != Run.RUNNING;
      case RESTORE -> file.equals(name);
      default -> true;
    };
  }

  private GuestModel with(Run now, String fits) {
    return new GuestModel(defined, name, version, autostart, now, fits);
  }

  /** The same after its process was killed. */
  GuestModel killed() {
    return run == Run.RUNNING ? with(Run.OFF, file) : this;
  }

  /** The same without the saved file, whose fate nobody looks at. */
  GuestModel seen() {
    return new GuestModel(defined, defined ? name : "", defined ? version : 0, autostart, run, "");
  }
}
