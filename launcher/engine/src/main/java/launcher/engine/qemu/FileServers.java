package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import tools.jackson.core.JacksonException;

/**
 * The host's virtiofs daemon, as its package describes it (QEMU, docs/interop/vhost-user.json): the
 * first by file name, a description in {@code /etc} in the place of the package's own.
 */
final class FileServers {
  private static final List<Path> FOLDERS =
      List.of(Path.of("/etc/qemu/vhost-user"), Path.of("/usr/share/qemu/vhost-user"));

  private FileServers() {}

  /** The program; empty when no package brings one. */
  static Optional<Path> find() {
    for (Path description : descriptions()) {
      Optional<Path> program = program(description);
      if (program.isPresent()) {
        return program;
      }
    }
    return Optional.empty();
  }

  private static List<Path> descriptions() {
    List<Path> found = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.toString().endsWith(".json"))
            .filter(
                file -> found.stream().noneMatch(f -> f.getFileName().equals(file.getFileName())))
            .forEach(found::add);
      } catch (IOException none) {
        // no such folder: no package has put anything there
      }
    }
    found.sort(Comparator.comparing(Path::getFileName));
    return found;
  }

  private static Optional<Path> program(Path description) {
    try {
      JsonObject json = JsonText.object(Files.readString(description));
      return json.string("type", "").equals("fs")
          ? Optional.of(Path.of(json.string("binary", ""))).filter(Files::isExecutable)
          : Optional.empty();
    } catch (IOException | JacksonException unreadable) {
      return Optional.empty();
    }
  }
}
