package launcher.engine.isolation;

import java.io.IOException;
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
import org.jspecify.annotations.Nullable;

/** Says which layer refused a program a file, and the one command that mends it. */
public final class DeniedExplanation {
  private static final Pattern DENIED =
      Pattern.compile(
          "['\"]?(/[^'\":\n]+)['\"]?:? (?:.*: )?(?:Permission denied|Operation not permitted)");
  private static final int READ = 4;
  private static final int SEARCH = 1;

  private DeniedExplanation() {}

  /**
   * The explanation of what the program said; empty when it does not speak of a refusal.
   *
   * @param said its standard error
   * @param command how it was started
   */
  public static Optional<String> of(String said, CommandSpec command) {
    Matcher denied = DENIED.matcher(said);
    return denied.find()
        ? Optional.of(explain(Path.of(denied.group(1)).normalize(), command))
        : Optional.empty();
  }

  private static String explain(Path file, CommandSpec command) {
    Identity identity = command.confinement().identity();
    Optional<String> mode = identity == null ? Optional.empty() : byMode(file, identity);
    if (mode.isPresent()) {
      return mode.get();
    }
    List<LandlockRule> rules = command.confinement().landlock();
    if (rules != null && !reaches(rules, file)) {
      return "'"
          + file
          + "' is refused by Landlock: it is none of the guest's files. Name it in the guest's XML, or allow everything:"
          + " <seclabel type='none' model='landlock'/>";
    }
    if (command.confinement().label() != null) {
      return bySelinux(file);
    }
    return "'"
        + file
        + "' is refused, and neither mode nor owner tells why: look at 'getfacl "
        + file
        + "' and at the"
        + " capabilities it would need (guests have none)";
  }

  private static Optional<String> byMode(Path file, Identity who) {
    @Nullable Path folder = file.getParent();
    for (Path at = folder; at != null; at = at.getParent()) {
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
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Readable.allows(who, file, READ)) {
      return Optional.of(
          "user "
              + who.uid()
              + " may not read '"
              + file
              + "': setfacl -m u:"
              + who.uid()
              + ":rw '"
              + file
              + "'");
    }
    return Optional.empty();
  }

  private static boolean reaches(List<LandlockRule> rules, Path file) {
    return rules.stream().anyMatch(rule -> file.startsWith(rule.path()));
  }

  /** The kernel's own words, where no audit daemon took them away. */
  private static String bySelinux(Path file) {
    String name = "name=\"" + file.getFileName() + "\"";
    String words =
        kernelLog()
            .filter(line -> line.contains(name))
            .orElse("no AVC was found, see 'ausearch -m avc'");
    return "'"
        + file
        + "' is refused by SELinux ("
        + words
        + "): restorecon -v '"
        + file
        + "', or let launcher label it: no relabel='no' on its source";
  }

  private static Optional<String> kernelLog() {
    try (var lines = Files.lines(Path.of("/var/log/audit/audit.log"))) {
      return lines.filter(line -> line.contains("avc:  denied")).reduce((first, last) -> last);
    } catch (IOException | java.io.UncheckedIOException unreadable) {
      return Optional.empty();
    }
  }
}
