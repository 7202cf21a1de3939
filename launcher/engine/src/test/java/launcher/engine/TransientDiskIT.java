package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.engine.host.ProcessHold;
import launcher.spawn.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a guest writes to a transient disk is there while it runs, and gone with it. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class TransientDiskIT {
  private static final int SIZE = 1 << 20;

  @TempDir private Path root;
  private Path image;
  private EngineOfTest engine;

  @BeforeEach
  void open() throws IOException {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img")) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "needs /usr/bin/" + tool);
    }
    image = Files.write(root.resolve("disk.img"), new byte[SIZE]);
    engine = new EngineOfTest(root);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private Guest define(String name, String element) {
    return engine.define(
        """
        <domain type='qemu'>
          <name>%s</name>
          <memory unit='MiB'>16</memory>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='raw'/>
              <source file='%s'/>
              <target dev='vda' bus='virtio'/>
              %s
            </disk>
            <memballoon model='none'/>
          </devices>
        </domain>
        """
            .formatted(name, image, element));
  }

  private static String io(Guest guest, String command) {
    return guest
        .monitor()
        .humanCommand("qemu-io -d virtio-disk0/virtio-backend \"" + command + "\"");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static String refusal(Executable act) {
    return String.valueOf(assertThrows(EngineException.class, act).getMessage());
  }

  @Test
  void whatIsWrittenIsThrownAway() throws IOException {
    Guest guest = define("web1", "<transient/>");
    assertTrue(guest.plan().toString().contains("MakeOverlay"));
    assertEquals(List.of("disk.img"), files(), "a plan does nothing");
    guest.start(StartOptions.DEFAULT);
    assertEquals(List.of("disk.img", "disk.img.TRANSIENT-web1"), files());
    assertEquals(
        image + ".TRANSIENT-web1", guest.tree(XmlView.LIVE).value("devices/disk/source/@file", ""));
    assertEquals(
        image.toString(), guest.tree(XmlView.INACTIVE).value("devices/disk/source/@file", ""));
    io(guest, "write -P 7 4k 4k");
    assertFalse(io(guest, "read -P 7 4k 4k").contains("failed"));
    guest.destroy(false);
    assertEquals(List.of("disk.img"), files());
    assertArrayEquals(new byte[SIZE], Files.readAllBytes(image));
    guest.start(StartOptions.DEFAULT);
    assertFalse(io(guest, "read -P 0 4k 4k").contains("failed"), "it begins anew");
  }

  @Test
  void whatWouldBringItBackWithoutItsChangesIsRefused() {
    Guest guest = define("web1", "<transient/>");
    guest.start(StartOptions.DEFAULT);
    String why = ": what its transient disk 'vda' holds is thrown away at its end";
    assertEquals(
        "guest 'web1' is not saved" + why,
        refusal(() -> guest.save(root.resolve("saved"), progress -> {})));
    assertEquals(
        "guest 'web1' is not saved" + why, refusal(() -> guest.managedSave(progress -> {})));
    assertEquals(
        "guest 'web1' gets no snapshot" + why,
        refusal(() -> guest.snapshots().create(SnapshotRequest.named("s"), progress -> {})));
    assertEquals(
        "disk 'vda' of guest 'web1' is transient: its images cannot be changed",
        refusal(() -> guest.blockJobs().pull("vda", Optional.empty(), 0)));
    assertTrue(guest.state().active());
  }

  @Test
  void imageBelowIsSharedOnlyWhereBothSaySo() throws IOException {
    Guest one = define("web1", "<transient/>");
    Guest two = define("web2", "<transient/>");
    one.start(StartOptions.DEFAULT);
    String held = refusal(() -> two.start(StartOptions.DEFAULT));
    assertTrue(held.contains("'" + image + "' is held by guest 'web1'"), held);
    one.destroy(false);
    define("web1", "<transient shareBacking='yes'/>").start(StartOptions.DEFAULT);
    define("web2", "<transient shareBacking='yes'/>").start(StartOptions.DEFAULT);
    assertEquals(
        List.of("disk.img", "disk.img.TRANSIENT-web1", "disk.img.TRANSIENT-web2"), files());
  }

  @Test
  void nextEngineRemovesWhatNobodySawTheEndOf() throws Exception {
    Guest guest = define("web1", "<transient/>");
    guest.start(StartOptions.DEFAULT);
    int pid = guest.pid().orElseThrow();
    engine.engine().close();
    try (ProcessHold process = ProcessHold.of(pid)) {
      process.signal(Signal.KILL);
      process.ended().join();
    }
    assertEquals(List.of("disk.img", "disk.img.TRANSIENT-web1"), files());
    engine.reopen();
    assertEquals(List.of("disk.img"), files());
  }

  @Test
  void fileOfAnotherOfThatNameStays() throws IOException {
    Path other = Files.writeString(root.resolve("disk.img.TRANSIENT-web1"), "mine");
    Guest guest = define("web1", "<transient/>");
    String why = refusal(() -> guest.start(StartOptions.DEFAULT));
    assertTrue(why.contains("there is a file of that name already"), why);
    assertEquals("mine", Files.readString(other));
  }
}
