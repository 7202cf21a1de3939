package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The categories that processes of this host run with, whoever started them: another daemon of
 * ours, libvirt, a container engine.
 */
final class ProcessLabels {
  private ProcessLabels() {}

  static Set<Categories> taken(Path proc) throws IOException {
    Set<Categories> taken = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        label(process).ifPresent(taken::add);
      }
    }
    return taken;
  }

  private static java.util.Optional<Categories> label(Path process) {
    try {
      return Categories.in(
          Files.readString(process.resolve("attr/current")).replace("\0", "").strip());
    } catch (IOException ended) {
      return java.util.Optional.empty();
    }
  }
}
