package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import launcher.engine.GuestState.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name is any text: it lives as every other guest's, and is never a path. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class NamesIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>NAME</name>
        <memory unit='MiB'>16</memory>
        <vcpu>1</vcpu>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/>
            <source file='DISK'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <controller type='usb' model='none'/>
          <serial type='pty'/>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  /** 255 bytes of UTF-8, the longest that a file name of the host could be. */
  private static final String LONG = "é".repeat(127) + "x";

  private static final List<String> NAMES =
      List.of(
          "() { :;}; echo vulnerable",
          "..",
          ".",
          "../../../etc/cron.d/x",
          "-rf",
          "a,b=c",
          "%n%s%00",
          "`id`$(id)'\"\\",
          "<&>",
          " blanks  kept ",
          "web",
          "WEB",
          "ｗｅｂ",
          LONG);

  @TempDir private Path root;
  private Path disk;
  private EngineOfTest engine;

  @BeforeEach
  void open() throws IOException {
    disk = BootSector.disk(root);
    engine = new EngineOfTest(root.resolve("engine"));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private Guest define(String name) {
    String escaped = name.replace("&", "&amp;").replace("<", "&lt;");
    return engine.define(XML.replace("NAME", escaped).replace("DISK", disk.toString()));
  }

  private Set<String> beside() throws IOException {
    try (var files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void anyTextIsAName() throws IOException {
    Path saved = root.resolve("saved");
    Files.createFile(saved);
    final Set<String> before = beside();
    for (String name : NAMES) {
      lives(define(name), name, saved);
    }
    assertEquals(before, beside(), "nothing lies outside the engine's folders");
    assertEquals(List.of(), engine.guests().list());
  }

  private void lives(Guest guest, String name, Path saved) throws IOException {
    assertEquals(name, guest.name());
    guest.start(StartOptions.DEFAULT);
    Terminals.awaitWord(guest, "GUEST-UP\r\n");
    assertTrue(guest.log().startsWith(root.resolve("engine/log")), guest.log().toString());
    assertEquals(root.resolve("engine/log"), guest.log().normalize().getParent());
    assertTrue(Files.exists(guest.log()));
    guest.save(saved, progress -> {});
    guest.restore(saved, RestoreOptions.AS_IT_WAS, progress -> {});
    assertEquals(Phase.RUNNING, guest.state().phase());
    guest.destroy(false);
    guest.autostart(true);
    guest.rename(name + "2");
    assertTrue(guest.autostart());
    guest.rename(name);
    guest.undefine(UndefineOptions.DEFINITION);
  }

  @Test
  void namesThatDifferInCaseOnlyAreTwoGuests() {
    for (String name : NAMES) {
      define(name);
    }
    engine.reopen();
    assertEquals(List.of(), engine.engine().found());
    for (String name : NAMES) {
      assertEquals(name, engine.guests().get(name).name());
    }
    assertEquals(NAMES.size(), engine.guests().list().size());
  }
}
