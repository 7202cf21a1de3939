package launcher.engine.isolation;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.spawn.CommandSpec;
import launcher.spawn.Identity;
import launcher.spawn.LandlockRule;

/** Says which layer refused a program a file, and the one command that mends it. */
public final class DeniedExplanation {
  private static final Pattern DENIED =
      Pattern.compile("(.*)(Permission denied|Operation not permitted|Read-only file system)");

  /** The file that is spoken of last before the reason; QEMU repeats its whole option before. */
  private static final Pattern FILE = Pattern.compile("(?<![^\\s'\":=])(/[^'\":\n]+)");

  /** QEMU does not name it. */
  private static final String KVM = "Could not access KVM kernel module: ";

  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int SEARCH = 1;

  private final CommandSpec command;
  private final Path file;

  private DeniedExplanation(CommandSpec command, Path file) {
    this.command = command;
    this.file = file;
  }

  /**
   * The explanation of what the program said; empty when it does not speak of a refusal.
   *
   * @param said its standard error
   * @param command how it was started
   */
  public static Optional<String> of(String said, CommandSpec command) {
    Matcher denied = DENIED.matcher(said);
    while (denied.find()) {
      Optional<Path> file = file(denied.group(1));
      if (file.isPresent()) {
        DeniedExplanation explanation = new DeniedExplanation(command, file.get());
        boolean mount = denied.group(2).startsWith("Read-only");
        boolean socket = denied.group(1).contains("Failed to bind socket");
        return Optional.of(
            mount ? explanation.byMount() : socket ? explanation.bySocket() : explanation.layer());
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> file(String said) {
    if (said.endsWith(KVM)) {
      return Optional.of(Path.of("/dev/kvm"));
    }
    return FILE.matcher(said)
        .results()
        .reduce((_, later) -> later)
        .map(last -> Path.of(last.group(1).strip()).normalize());
  }

  /** It is made by the guest, in a folder where the guest makes nothing. */
  private String bySocket() {
    return "a guest makes no socket in '"
        + file.resolveSibling("")
        + "': leave the path of the socket out of the guest's XML, and it lies in the guest's own folder";
  }

  /** Symbolic links are walked through by nobody: what counts is where they lead. */
  private Path real() {
    return GuestFiles.real(file).orElse(file);
  }

  private String byMount() {
    MountPoint mount = MountPoint.of(real());
    return "'"
        + file
        + "' lies on '"
        + mount.folder()
        + "', which is mounted read-only: mount -o remount,rw '"
        + mount.folder()
        + "', or give the disk <readonly/>";
  }

  private String layer() {
    Identity identity = command.confinement().identity();
    Optional<String> mode = identity == null ? Optional.empty() : byMode(identity);
    if (mode.isPresent()) {
      return mode.get();
    }
    if (MountPoint.of(real()).readOnly() && wanted() != READ) {
      return byMount();
    }
    List<LandlockRule> rules = command.confinement().landlock();
    if (rules != null && !reaches(rules)) {
      return "'"
          + file
          + "' is refused by Landlock: it is none of the guest's files. Name it in the guest's XML, or allow everything:"
          + " <seclabel type='none' model='landlock'/>";
    }
    if (command.confinement().label() != null) {
      return bySelinux();
    }
    return "'"
        + file
        + "' is refused, and neither mode nor owner tells why: look at 'getfacl "
        + file
        + "' and at the"
        + " capabilities it would need (guests have none)";
  }

  private Optional<String> byMode(Identity who) {
    Path target = real();
    for (Path at = target.getParent(); at != null; at = at.getParent()) {
      if (Files.exists(at) && !Readable.allows(who, at, SEARCH)) {
        return Optional.of(
            "user "
                + who.uid()
                + " may not search folder '"
                + at
                + "' on the way to '"
                + file
                + "': setfacl -m u:"
                + who.uid()
                + ":x '"
                + at
                + "'");
      }
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Readable.allows(who, target, READ)) {
      return Optional.of(mode(who, "read"));
    }
    return (wanted() & WRITE) != 0 && !Readable.allows(who, target, WRITE)
        ? Optional.of(mode(who, "write"))
        : Optional.empty();
  }

  private String mode(Identity who, String what) {
    return "user "
        + who.uid()
        + " may not "
        + what
        + " '"
        + file
        + "': setfacl -m u:"
        + who.uid()
        + ":"
        + (what.equals("write") || (wanted() & WRITE) != 0 ? "rw" : "r")
        + " '"
        + real()
        + "'";
  }

  /** What the guest does with it, as far as its rules tell: what has none is not written. */
  private int wanted() {
    List<LandlockRule> rules = command.confinement().landlock();
    return rules == null
            || rules.stream()
                .anyMatch(rule ->
                    rule.path().equals(real()) && rule.access() == LandlockRule.Access.WRITE)
        ? READ | WRITE
        : READ;
  }

  private boolean reaches(List<LandlockRule> rules) {
    return rules.stream().anyMatch(rule -> real().startsWith(rule.path()));
  }

  private String bySelinux() {
    String words =
        DenialLog.last(String.valueOf(file.getFileName()))
            .orElse("no AVC was found, see 'ausearch -m avc'");
    return "'"
        + file
        + "' is refused by SELinux ("
        + words
        + "): restorecon -v '"
        + file
        + "', or let launcher label it: no relabel='no' on its source";
  }
}
