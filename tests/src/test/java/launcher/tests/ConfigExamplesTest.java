package launcher.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.domain.DomainSchema;
import launcher.schemas.network.NetworkReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example is accepted by the schema: an example that is refused teaches the wrong thing. */
final class ConfigExamplesTest {
  private static final Path EXAMPLES = Path.of("../config-examples");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
    }
  }

  @Test
  void areThere() throws IOException {
    assertTrue(examples().size() >= 8, "saw only " + examples());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areAccepted(Path file) throws IOException {
    String text = Files.readString(file);
    XmlElement root = XmlReader.read(file.toString(), text);
    switch (root.name()) {
      case "domain" -> assertEquals(List.of(), DomainSchema.check(file.toString(), root));
      case "network" -> new NetworkReader().read(file.toString(), text);
      default -> throw new AssertionError("'" + file + "' is neither a domain nor a network");
    }
  }
}
