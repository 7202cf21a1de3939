package launcher.engine.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;

/** What the kernel says of its devices, and is told through files (sysfs(5)). */
public class Sysfs {
  /** This host's. */
  public static final Sysfs HOST = new Sysfs(Path.of("/"));

  private final Path root;

  /**
   * For a host.
   *
   * @param root the folder in which {@code sys} and {@code proc} lie
   */
  Sysfs(Path root) {
    this.root = root;
  }

  /** A path of {@code /sys}. */
  Path path(String... names) {
    Path path = root.resolve("sys");
    for (String name : names) {
      path = path.resolve(name);
    }
    return path;
  }

  /** A file of {@code /proc}. */
  Path process(String name) {
    return root.resolve("proc").resolve(name);
  }

  /** The folder of a PCI device, there or not. */
  Path pci(String address) {
    return path("bus", "pci", "devices", address);
  }

  /** A file's text without blanks around it; empty where there is none. */
  String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException missing) {
      return "";
    }
  }

  /** The last name of what a symbolic link leads to; empty where there is no link. */
  Optional<String> target(Path link) {
    try {
      return Optional.of(String.valueOf(Files.readSymbolicLink(link).getFileName()));
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  /** The names in a folder in their order; none where there is no folder. */
  List<String> names(Path folder) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (IOException missing) {
      return names;
    }
    names.sort(null);
    return names;
  }

  /**
   * Tells the kernel something.
   *
   * @throws IOException naming the file and the kernel's reason
   */
  void write(Path file, String text) throws IOException {
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "the kernel does not take '%s' for '%s': %s"
              .formatted(text.strip(), file, EngineException.reason(e)),
          e);
    }
  }
}
