package launcher.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.control.ControlException;
import launcher.control.Outcome;

/**
 * What is said on the command line for every verb, before or after its name.
 *
 * @param root {@code --root} or LAUNCHER_ROOT: all folders of launcher lie under it
 * @param system {@code --system} or LAUNCHER_SYSTEM: the host's daemon, whoever asks
 * @param json {@code --json}: the answer is a JSON document on standard output
 * @param quiet {@code --quiet}: no sentences, only what was asked for
 * @param help {@code --help}
 */
public record Options(
    Optional<Path> root, boolean system, boolean json, boolean quiet, boolean help) {

  static Options initial(Map<String, String> environment) {
    String root = environment.getOrDefault("LAUNCHER_ROOT", "");
    boolean system = !environment.getOrDefault("LAUNCHER_SYSTEM", "").isEmpty();
    Options none = new Options(Optional.empty(), system, false, false, false);
    return root.isEmpty() ? none : none.withRoot(root);
  }

  // Absolute: a daemon that this command starts works in another folder.
  Options withRoot(String folder) {
    if (folder.isEmpty()) {
      throw new ControlException(Outcome.USAGE, "--root takes a folder, not ''");
    }
    return new Options(
        Optional.of(Path.of(folder).toAbsolutePath().normalize()), false, json, quiet, help);
  }

  /** Of {@code --root} and this the last one counts. */
  Options withSystem() {
    return new Options(Optional.empty(), true, json, quiet, help);
  }

  /**
   * As virsh's users say it.
   *
   * @param uri {@code qemu:///system}, {@code lxc:///}, {@code qemu:///session}
   */
  Options withConnection(String uri) {
    // compiled here, for few commands say it
    Matcher known = Pattern.compile("(?:qemu|lxc|openvz|vz):///(system|session)?").matcher(uri);
    if (!known.matches()) {
      throw new ControlException(
          Outcome.USAGE,
          "--connect takes 'qemu:///system' or 'qemu:///session', not '"
              + uri
              + "'; one daemon serves all kinds of guests, and --root chooses one elsewhere");
    }
    return "session".equals(known.group(1))
        ? new Options(Optional.empty(), false, json, quiet, help)
        : withSystem();
  }

  Options withJson() {
    return new Options(root, system, true, quiet, help);
  }

  Options withQuiet() {
    return new Options(root, system, json, true, help);
  }

  Options withHelp() {
    return new Options(root, system, json, quiet, true);
  }
}
