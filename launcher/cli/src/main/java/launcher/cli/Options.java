package launcher.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;

/**
 * What is said on the command line for every verb, before or after its name.
 *
 * @param root {@code --root} or LAUNCHER_ROOT: all folders of launcher lie under it
 * @param json {@code --json}: the answer is a JSON document on standard output
 * @param quiet {@code --quiet}: no sentences, only what was asked for
 * @param help {@code --help}
 */
public record Options(Optional<Path> root, boolean json, boolean quiet, boolean help) {

  static Options initial(Map<String, String> environment) {
    String root = environment.getOrDefault("LAUNCHER_ROOT", "");
    Options none = new Options(Optional.empty(), false, false, false);
    return root.isEmpty() ? none : none.withRoot(root);
  }

  // Absolute: a daemon that this command starts works in another folder.
  Options withRoot(String folder) {
    if (folder.isEmpty()) {
      throw new ControlException(Outcome.USAGE, "--root takes a folder, not ''");
    }
    return new Options(
        Optional.of(Path.of(folder).toAbsolutePath().normalize()), json, quiet, help);
  }

  Options withJson() {
    return new Options(root, true, quiet, help);
  }

  Options withQuiet() {
    return new Options(root, json, true, help);
  }

  Options withHelp() {
    return new Options(root, json, quiet, true);
  }
}
