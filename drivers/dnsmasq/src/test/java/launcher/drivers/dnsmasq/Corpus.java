package launcher.drivers.dnsmasq;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The acceptance data, which is no part of this project: tests that need it are skipped without.
 */
final class Corpus {
  private static final String PROPERTY = "launcher.corpus";

  private Corpus() {}

  /** The files of a folder with that suffix, sorted. */
  static List<Path> files(String folder, String suffix) {
    Path root = root();
    assumeTrue(
        Files.isDirectory(root),
        "no acceptance data at '" + root + "': say where with -D" + PROPERTY + "=FOLDER");
    try (Stream<Path> all = Files.list(root.resolve(folder))) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    String told = System.getProperty(PROPERTY);
    if (told != null) {
      return Path.of(told);
    }
    Path checkout = Path.of("").toAbsolutePath();
    while (checkout.getParent() != null && !Files.isDirectory(checkout.resolve(".mvn"))) {
      checkout = checkout.getParent();
    }
    return checkout.resolveSibling("shared").resolve("corpus");
  }
}
