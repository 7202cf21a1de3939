package launcher.drivers.qemu.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import launcher.drivers.qemu.address.Definitions;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import launcher.schemas.domain.Domain;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each {@code plans/NAME.xml} holds disks of a PC, {@code NAME.plan} the options for them. With
 * {@code -Dgolden.update=true} the plans are written anew; read the difference before it is kept.
 */
class DiskCommandTest {
  private static List<String> options(String disks) {
    Draft draft = Definitions.completed("x86_64", "pc", disks);
    assertEquals(List.of(), draft.problems());
    DraftPipeline.prepare(draft);
    CommandLine out = new CommandLine();
    Guest guest =
        new Guest(Domain.of(draft.domain()), draft.domain(), draft.machine(), draft.host());
    DiskCommand.write(guest, out);
    return out.texts();
  }

  @TestFactory
  Stream<DynamicTest> disksBecomeTheirPlans() throws IOException, URISyntaxException {
    Path plans =
        Path.of(DiskCommandTest.class.getResource("/plans/disk-formats.xml").toURI()).getParent();
    List<Path> cases;
    try (Stream<Path> files = Files.list(plans)) {
      cases = files.filter(f -> f.getFileName().toString().matches("disk-.*\\.xml")).toList();
    }
    assertFalse(cases.isEmpty());
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> compare(c)));
  }

  private static void compare(Path xml) {
    try {
      String name = xml.getFileName().toString().replace(".xml", ".plan");
      String actual = String.join("\n", options(Files.readString(xml))) + "\n";
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(Path.of("src/test/resources/plans", name), actual);
      }
      assertEquals(Files.readString(xml.resolveSibling(name)), actual);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void commaInAPathStaysInThePath() {
    List<String> options =
        options("<disk><source file='/a,b=c&quot;&#10;d'/><target dev='vda' bus='virtio'/></disk>");

    assertTrue(options.get(1).contains("\"filename\":\"/a,b=c\\\"\\nd\""), options.toString());
  }

  @Test
  void planHoldsTheNameOfASecretAndNotTheSecret() {
    List<String> options =
        options(
            "<disk><driver type='qcow2'/><source file='/l'><encryption format='luks'><secret type='passphrase' uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/></encryption></source><target dev='vda' bus='virtio'/></disk>");

    assertTrue(
        options.get(1).contains("\"data\":\"$secret:0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f$\""),
        options.get(1));
  }
}
