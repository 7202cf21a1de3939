package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text whose devices stand in another order than the completed definition has them. */
@SuppressWarnings("NullAway.Init") // the guest is defined before each test
final class DefinitionOrderIT {
  private static final Scope DEFINITION = new Scope(false, true);
  private static final String XML =
      """
      <domain type='qemu'>
        <name>order</name>
        <memory unit='MiB'>16</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <devices>
          <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>
          <disk type='file'><source file='FOLDER/b'/><target dev='vdb' bus='virtio'/></disk>
          <disk type='file'><source file='FOLDER/a'/><target dev='vda' bus='virtio'/></disk>
          <controller type='virtio-serial'/>
          <controller type='scsi' model='virtio-scsi'/>
        </devices>
      </domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;
  private String text;

  @BeforeEach
  void define() throws IOException {
    for (String disk : List.of("a", "b", "iso")) {
      Files.write(root.resolve(disk), new byte[4096]);
    }
    engine = new EngineOfTest(root);
    text = XML.replace("FOLDER", root.toString());
    guest = engine.define(text);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private String written() {
    return guest.xml(XmlView.AS_WRITTEN);
  }

  private String lines(String containing) {
    return text.lines()
        .filter(line -> !line.contains(containing))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void theDiskThatIsNamedGoes() {
    guest.changes().detach("<disk><target dev='vda'/></disk>", DEFINITION);
    assertEquals(lines("'vda'"), written());
  }

  @Test
  void theControllerThatIsNamedGoes() {
    guest.changes().detach("<controller type='virtio-serial' index='0'/>", DEFINITION);
    assertEquals(lines("virtio-serial"), written());
  }

  @Test
  void theDriveThatIsNamedTakesTheMedium() {
    guest.changes().medium("hda", Optional.of(root.resolve("iso")), "raw", false, DEFINITION);
    assertTrue(
        guest.tree(XmlView.INACTIVE).childOrAdd("devices").children("disk").stream()
            .filter(disk -> disk.value("target/@dev", "").equals("hda"))
            .allMatch(disk -> disk.value("source/@file", "").endsWith("/iso")));
    guest.changes().medium("hda", Optional.empty(), "raw", false, DEFINITION);
    assertFalse(written().contains("/iso"), written());
    assertEquals(2, written().split("<source file=", -1).length - 1, written());
  }

  @Test
  void theDiskThatIsNamedGetsTheSnapshot() throws IOException {
    SnapshotRequest request = SnapshotRequest.disksOnly("later");
    guest.snapshots().create(request, progress -> {});
    String vda =
        written().lines().filter(line -> line.contains("dev='vda'")).findFirst().orElse("");
    Guest again = engine.define(written());
    for (var disk : again.tree(XmlView.INACTIVE).childOrAdd("devices").children("disk")) {
      String target = disk.value("target/@dev", "");
      if (!target.equals("hda")) {
        assertEquals(
            root.resolve(target.equals("vda") ? "a.later" : "b.later").toString(),
            disk.value("source/@file", ""),
            vda);
      }
    }
  }
}
