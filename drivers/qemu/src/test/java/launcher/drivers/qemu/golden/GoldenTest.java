package launcher.drivers.qemu.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.drivers.qemu.corpus.XmlComparison;
import launcher.drivers.qemu.tool.DomxmlToNative;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Domains translated for a recorded QEMU 7.2, beside the command and the completed XML that a
 * person has read. {@code -Dgolden.update=true} writes them anew.
 */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/launcher/drivers/qemu/golden");

  @TempDir Path output = Path.of(".");

  private static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files
          .filter(f -> f.toString().endsWith(".xml"))
          .filter(f -> !f.toString().endsWith(".completed.xml"))
          .sorted()
          .toList();
    }
  }

  private static String sibling(Path file, String extension) {
    return file.getFileName().toString().replace(".xml", extension);
  }

  @Test
  void translatesAsApproved() throws IOException {
    List<Path> cases = cases();
    assertFalse(cases.isEmpty(), "no golden files in " + GOLDEN);
    Path into = Boolean.getBoolean("golden.update") ? GOLDEN : output;
    int refused =
        DomxmlToNative.of(GOLDEN.resolve("profile"), true)
            .run(cases, Optional.of(into), line -> {});
    assertEquals(0, refused, "refused, see the .err files");
    for (Path file : cases) {
      for (String extension : List.of(".argv", ".completed.xml")) {
        String name = sibling(file, extension);
        assertEquals(
            Files.readString(GOLDEN.resolve(name)), Files.readString(into.resolve(name)), name);
      }
    }
  }

  @Test
  void completingTwiceChangesNothing() throws IOException {
    DomxmlToNative tool = DomxmlToNative.of(GOLDEN.resolve("profile"), true);
    tool.run(cases(), Optional.of(output), line -> {});
    Path again = Files.createDirectory(output.resolve("again"));
    for (Path file : cases()) {
      String name = sibling(file, ".completed.xml");
      Path once = Files.copy(output.resolve(name), again.resolve(file.getFileName()));
      tool.run(List.of(once), Optional.of(again), line -> {});
      assertEquals(
          List.of(),
          XmlComparison.difference(read(output.resolve(name)), read(again.resolve(name))));
    }
  }

  private static XmlElement read(Path file) throws IOException {
    return XmlReader.read(file.toString(), Files.readString(file));
  }
}
