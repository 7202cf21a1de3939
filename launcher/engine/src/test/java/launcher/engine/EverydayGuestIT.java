package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do every day with a running guest, on a real QEMU with a screen and a few devices.
 */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class EverydayGuestIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>everyday</name>
        <memory unit='MiB'>32</memory>
        <vcpu>1</vcpu>
        <os><type arch='x86_64' machine='q35'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/>
            <source file='DISK'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <disk type='file' device='cdrom'>
            <driver name='qemu' type='raw'/>
            <source file='CDROM'/>
            <target dev='sda' bus='sata'/>
            <readonly/>
          </disk>
          <serial type='pty'/>
          <video><model type='vga'/></video>
        </devices>
      </domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    Path disk = BootSector.disk(root);
    Path cdrom = Files.write(root.resolve("first.iso"), new byte[1 << 20]);
    engine = new EngineOfTest(root);
    String xml = XML.replace("DISK", disk.toString()).replace("CDROM", cdrom.toString());
    guest = engine.start(xml);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void tellsItsNumbers() {
    Map<String, Object> numbers = guest.statistics();
    assertEquals("running", numbers.get("state.state"));
    assertEquals(32 * 1024L, numbers.get("balloon.maximum"));
    assertEquals(2, numbers.get("block.count"));
    assertEquals("vda", numbers.get("block.0.name"));
    assertTrue(numbers.containsKey("block.0.rd.bytes"), numbers.toString());
    assertTrue((Long) numbers.get("cpu.time") > 0, numbers.toString());
    assertTrue(guest.devices().memoryStatistics().get("rss") > 1000);
  }

  @Test
  void hasAMonitorAScreenAndKeys() {
    String answer = guest.monitor().command("{\"execute\": \"query-status\"}");
    assertTrue(answer.contains("\"status\":\"running\""), answer);
    assertTrue(guest.monitor().humanCommand("info status").contains("running"));
    guest.monitor().sendKeys(List.of("KEY_LEFTCTRL", "KEY_C"), Duration.ofMillis(50));
    byte[] picture = guest.monitor().screenshot();
    assertEquals("PNG", new String(picture, 1, 3, StandardCharsets.US_ASCII));
    assertThrows(
        EngineException.class,
        () -> guest.monitor().sendKeys(List.of("KEY_NOSUCH"), Duration.ofMillis(50)));
  }

  @Test
  void changesItsMedia() throws IOException {
    Path second = Files.write(root.resolve("second,1.iso"), new byte[1 << 20]);
    guest.devices().changeMedia("sda", Optional.of(second), "raw", true);
    assertTrue(guest.xml(XmlView.LIVE).contains(second.toString()));
    assertTrue(guest.monitor().humanCommand("info block").contains("/dev/fdset/"));
    guest.devices().changeMedia("sda", Optional.empty(), "raw", true);
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> guest.devices().changeMedia("vda", Optional.empty(), "raw", true));
    assertEquals(
        "'vda' of guest 'everyday' has no medium to change: it is no cdrom or floppy",
        refused.getMessage());
  }

  @Test
  void takesADiskAndACardWhileItRuns() throws IOException {
    Path file = Files.write(root.resolve("second.img"), new byte[1 << 20]);
    String disk =
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
            + file
            + "'/><target dev='sdb' bus='usb'/></disk>";
    guest.devices().attach(disk);
    assertTrue(guest.xml(XmlView.LIVE).contains(file.toString()));
    assertTrue(guest.monitor().humanCommand("info block").contains("usb-disk"), "not plugged in");
    EngineException twice = assertThrows(EngineException.class, () -> guest.devices().attach(disk));
    assertTrue(guest.state().active(), twice.getMessage());
    // a USB disk needs no guest to let go of it
    guest.devices().detach("<disk><target dev='sdb'/></disk>");
    assertTrue(!guest.monitor().humanCommand("info block").contains("usb-disk"), "still there");
    assertTrue(!guest.xml(XmlView.LIVE).contains(file.toString()));
  }

  @Test
  void writesItsMemory() throws IOException {
    Path core = root.resolve("core");
    guest.dump(core);
    assertTrue(Files.size(core) > 32 << 20, "only " + Files.size(core) + " bytes");
    byte[] head = new byte[4];
    try (var in = Files.newInputStream(core)) {
      assertEquals(4, in.readNBytes(head, 0, 4));
    }
    assertEquals("ELF", new String(head, 1, 3, StandardCharsets.US_ASCII));
    assertEquals(GuestState.Phase.RUNNING, guest.state().phase());
  }

  @Test
  void growsItsDisk() throws IOException {
    guest.devices().resize("vda", 2 << 20);
    assertEquals(2 << 20, Files.size(root.resolve("hello.img")));
  }
}
