package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.spawn.LandlockRule;

/**
 * Steps that start the programs beside a guest: its TPM's emulator, the daemon of a shared folder,
 * the mover of its network frames. They end by themselves when the guest's own process closes its
 * connection; taking a step back ends one that is still there.
 */
public sealed interface HelperStep extends Step {
  /** What it is called in messages: {@code swtpm}, {@code virtiofsd}, {@code passt}. */
  String helper();

  /** Absolute path of the program, or a bare name that is looked up. */
  String program();

  @Override
  default String object() {
    return helper();
  }

  /** Steps that run the program: they say as whom. */
  sealed interface Run extends HelperStep {
    /** Its arguments. */
    List<String> arguments();

    /** Whose files it works on, and who must reach its socket; none for launcher itself. */
    Optional<Owner> owner();

    /** The same step for a guest that runs as somebody else. */
    Run ownedBy(Owner who);

    /** What SELinux has it run with; empty where it runs with launcher's own label. */
    Optional<Labels> labels();

    /** The same step where SELinux is on. */
    Run labelled(Labels labels);

    /** The only paths it reaches; empty where Landlock does not keep it in. */
    List<LandlockRule> landlock();

    /** The same step kept to some paths. */
    Run confined(List<LandlockRule> rules);
  }

  /**
   * The labels of a helper.
   *
   * @param process its own; empty leaves launcher's
   * @param socket of the socket that launcher makes for it
   */
  record Labels(Optional<String> process, SocketLabel socket) {}

  /** A user and a group by number. */
  record Owner(long uid, long gid) {}

  /** What a helper may do on the host. */
  enum Rights {
    /** As the guest's own process: its user, no capability. */
    GUEST,
    /** What carries out SCSI reservations: as launcher, with raw access to devices. */
    RESERVATIONS,
    /** A file server: as launcher, with what it takes to act for every user of the guest. */
    FILE_SERVER
  }

  /**
   * Starts a helper that lives as long as the guest.
   *
   * @param listen the socket it serves, made by launcher and inherited as descriptor 3; none when
   *     the helper makes it
   * @param awaited the socket that the helper makes, and that it is waited for
   * @param secret what it reads from descriptor 4: the name of a secret
   * @param pidFile names the process, so that it can be ended; where no guest can write
   * @param log what it says goes there
   * @param detaches the pid file that it writes itself, when it goes into the background as soon as
   *     its socket is there; believed only as long as the guest's own process does not run
   * @param asRoot more arguments when launcher is root and the guest has no user of its own
   * @param folders what must be the guest's, for the helper and for QEMU
   */
  record Start(
      String helper,
      String program,
      List<String> arguments,
      Optional<Path> listen,
      Optional<Path> awaited,
      Optional<String> secret,
      Path pidFile,
      Path log,
      Rights rights,
      Optional<Path> detaches,
      List<String> asRoot,
      List<Path> folders,
      Optional<Owner> owner,
      Optional<Labels> labels,
      List<LandlockRule> landlock)
      implements Run {
    public Start {
      landlock = List.copyOf(landlock);
      arguments = List.copyOf(arguments);
      asRoot = List.copyOf(asRoot);
      folders = List.copyOf(folders);
    }

    @Override
    public Start ownedBy(Owner who) {
      return new Start(
          helper,
          program,
          arguments,
          listen,
          awaited,
          secret,
          pidFile,
          log,
          rights,
          detaches,
          asRoot,
          folders,
          Optional.of(who),
          labels,
          landlock);
    }

    @Override
    public Start labelled(Labels chosen) {
      return new Start(
          helper,
          program,
          arguments,
          listen,
          awaited,
          secret,
          pidFile,
          log,
          rights,
          detaches,
          asRoot,
          folders,
          owner,
          Optional.of(chosen),
          landlock);
    }

    @Override
    public Start confined(List<LandlockRule> rules) {
      return new Start(
          helper, program, arguments, listen, awaited, secret, pidFile, log, rights, detaches,
          asRoot, folders, owner, labels, rules);
    }

    @Override
    public String name() {
      return "start helper";
    }

    @Override
    public String undo() {
      return "end helper";
    }
  }

  /**
   * Runs a program to its end before the first start of a guest.
   *
   * @param made what it makes; where that is, it has run already
   * @param secret what it reads from descriptor 4: the name of a secret
   */
  record Prepare(
      String helper,
      String program,
      List<String> arguments,
      Path made,
      Optional<String> secret,
      Optional<Owner> owner,
      Optional<Labels> labels,
      List<LandlockRule> landlock)
      implements Run {
    public Prepare {
      landlock = List.copyOf(landlock);
      arguments = List.copyOf(arguments);
    }

    @Override
    public Prepare ownedBy(Owner who) {
      return new Prepare(
          helper, program, arguments, made, secret, Optional.of(who), labels, landlock);
    }

    @Override
    public Prepare labelled(Labels chosen) {
      return new Prepare(
          helper, program, arguments, made, secret, owner, Optional.of(chosen), landlock);
    }

    @Override
    public Prepare confined(List<LandlockRule> rules) {
      return new Prepare(helper, program, arguments, made, secret, owner, labels, rules);
    }

    @Override
    public String name() {
      return "run helper";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that a helper which was started still runs: a guest without it would start, and miss
   * it later.
   */
  record Check(String helper, String program, Path pidFile, Path log) implements HelperStep {
    @Override
    public String name() {
      return "check helper";
    }

    @Override
    public String undo() {
      return "";
    }
  }
}
