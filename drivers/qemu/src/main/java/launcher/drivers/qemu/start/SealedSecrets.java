package launcher.drivers.qemu.start;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.SecretStep;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.QemuCommand;

/** The secrets of a command: sealed with a key of this start, which QEMU reads from a file. */
final class SealedSecrets {
  private static final Pattern NAME = Pattern.compile("\\$secret:([^$]+)\\$");
  private static final String KEY_FILE = "master-key";

  private SealedSecrets() {}

  /** The step that seals them; empty for a guest without secrets. */
  static Optional<SecretStep> of(QemuCommand command, Grants grants) {
    Set<String> names = names(command);
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new SecretStep.Seal(key(grants), List.copyOf(names)));
  }

  /** The object that unseals them, which comes before all that use it. */
  static List<String> masterKey(QemuCommand command, Grants grants) {
    if (names(command).isEmpty()) {
      return List.of();
    }
    Props key =
        Props.of("qom-type", "secret")
            .put("id", "masterKey0")
            .put("format", "raw")
            .put("file", key(grants).toString());
    return List.of("-object", key.json());
  }

  private static Path key(Grants grants) {
    return grants.run(KEY_FILE);
  }

  private static Set<String> names(QemuCommand command) {
    Set<String> names = new LinkedHashSet<>();
    for (CommandLine.Piece piece : command.line().pieces()) {
      Matcher name = NAME.matcher(piece.text());
      while (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }
}
