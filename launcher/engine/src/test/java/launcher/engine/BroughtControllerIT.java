package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.engine.EngineException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that need a controller which the running guest has not. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class BroughtControllerIT {
  private static final Scope RUN = new Scope(true, false);
  private static final String XML =
      """
      <domain type='qemu'>
        <name>brought</name>
        <memory unit='MiB'>16</memory>
        <os><type arch='x86_64' machine='MACHINE'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file'><source file='DISK'/><target dev='vda' bus='virtio'/></disk>
          <video><model type='none'/></video>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;
  private String disk;

  @BeforeEach
  void open() throws IOException {
    disk = BootSector.disk(root).toString();
    Files.write(root.resolve("second.img"), new byte[1 << 20]);
    engine = new EngineOfTest(root);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private Guest start(String machine) {
    return engine.start(XML.replace("MACHINE", machine).replace("DISK", disk));
  }

  private String second(String target) {
    return "<disk type='file'><source file='"
        + root.resolve("second.img")
        + "'/><target dev='"
        + target
        + "' bus='scsi'/></disk>";
  }

  private static List<String> controllers(Guest guest) {
    return guest.tree(XmlView.LIVE).childOrAdd("devices").children("controller").stream()
        .map(controller -> controller.attribute("type", ""))
        .filter(type -> type.equals("scsi"))
        .toList();
  }

  @Test
  void aScsiDiskBringsItsController() {
    Guest guest = start("pc");
    guest.changes().attach(second("sda"), RUN);
    assertEquals(List.of("scsi"), controllers(guest));
    engine.reopen();
    assertEquals(List.of("scsi"), controllers(engine.guests().get("brought")));
  }

  @Test
  void aMachineWithoutAPortLeftSaysSo() {
    Guest guest = start("q35");
    for (int i = 0; i < 64; i++) {
      try {
        guest
            .changes()
            .attach(
                "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>", RUN);
      } catch (EngineException e) {
        assertEquals(Kind.WRONG_STATE, e.kind(), e.getMessage());
        break;
      }
    }
    String before = guest.xml(XmlView.LIVE);
    EngineException full =
        assertThrows(EngineException.class, () -> guest.changes().attach(second("sda"), RUN));
    assertEquals(
        "guest 'brought' has no PCI slot left for a <disk>, and gets none while it runs: shut it down, and attach it to the definition (--config)",
        full.getMessage());
    assertEquals(before, guest.xml(XmlView.LIVE));
  }
}
