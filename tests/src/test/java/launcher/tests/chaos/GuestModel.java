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
 * @param file what a save wrote into its file
 * @param plugged whether a disk is plugged in, or is in its managed save
 */
record GuestModel(
    boolean defined,
    String name,
    int version,
    boolean autostart,
    Run run,
    Saved file,
    boolean plugged) {
  /**
   * What a file holds.
   *
   * @param name that the guest had; empty when no file fits it
   * @param plugged whether a disk was plugged in
   */
  record Saved(String name, boolean plugged) {
    static final Saved NOTHING = new Saved("", false);
  }

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
    AUTOSTART,
    PLUG_IN,
    PLUG_OUT
  }

  static GuestModel nothing(String name) {
    return new GuestModel(false, name, 0, false, Run.OFF, Saved.NOTHING, false);
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
    boolean running = run == Run.RUNNING;
    return switch (act) {
      case DEFINE -> Optional.of(defined(name, newVersion, autostart));
      case START -> running ? Optional.empty() : Optional.of(started());
      case DESTROY -> running ? Optional.of(with(Run.OFF, file, false)) : Optional.empty();
      case SAVE ->
          running ? Optional.of(with(Run.OFF, new Saved(name, plugged), false)) : Optional.empty();
      case RESTORE ->
          run == Run.OFF && fits()
              ? Optional.of(with(Run.RUNNING, file, file.plugged()))
              : Optional.empty();
      case MANAGED_SAVE -> running ? Optional.of(with(Run.SAVED, file, plugged)) : Optional.empty();
      case RENAME ->
          run == Run.OFF ? Optional.of(defined(otherName(), version, autostart)) : Optional.empty();
      // one that is gone has no name: whatever it was called, it is defined anew under its first
      case UNDEFINE -> Optional.of(nothing(name.endsWith("-b") ? otherName() : name));
      case AUTOSTART -> Optional.of(defined(name, version, !autostart));
      case PLUG_IN -> running && !plugged ? Optional.of(with(run, file, true)) : Optional.empty();
      case PLUG_OUT -> running && plugged ? Optional.of(with(run, file, false)) : Optional.empty();
    };
  }

  /** A managed save brings back what was plugged in. */
  private GuestModel started() {
    return with(Run.RUNNING, file, run == Run.SAVED && plugged);
  }

  private boolean fits() {
    return file.name().equals(name);
  }

  /**
   * Whether the chaos tries that at all: a running guest that is undefined would stay, a file that
   * is another guest's would bring that one back.
   */
  boolean sensible(Act act) {
    return switch (act) {
      case UNDEFINE -> run != Run.RUNNING;
      case RESTORE -> fits();
      default -> true;
    };
  }

  private GuestModel defined(String newName, int newVersion, boolean newAutostart) {
    return new GuestModel(true, newName, newVersion, newAutostart, run, file, plugged);
  }

  private GuestModel with(Run now, Saved fits, boolean disk) {
    return new GuestModel(defined, name, version, autostart, now, fits, disk);
  }

  /** The same after its process was killed. */
  GuestModel killed() {
    return run == Run.RUNNING ? with(Run.OFF, file, false) : this;
  }

  /** The same without what nobody looks at: the saved file, and what is in a managed save. */
  GuestModel seen() {
    return new GuestModel(
        defined,
        defined ? name : "",
        defined ? version : 0,
        autostart,
        run,
        Saved.NOTHING,
        run == Run.RUNNING && plugged);
  }
}
