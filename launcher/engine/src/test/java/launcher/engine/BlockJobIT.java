package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Work on the images of a disk that a real QEMU has open: the lower image is one that a confined
 * QEMU may only read. What the disk holds is the same afterwards.
 */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class BlockJobIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>jobs</name>
        <memory unit='MiB'>16</memory>
        <os><type arch='x86_64' machine='q35'>hvm</type></os>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='qcow2'/>
            <source file='%s'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path root;
  private Path lower;
  private Path upper;
  private Path same;
  private EngineOfTest engine;
  private Guest guest;

  @BeforeEach
  void start() {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img", "qemu-io")) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "needs /usr/bin/" + tool);
    }
    lower = root.resolve("lower.qcow2");
    upper = root.resolve("upper.qcow2");
    same = root.resolve("same.qcow2");
    IsolatedGuests.run("qemu-img", "create", "-q", "-f", "qcow2", lower.toString(), "32M");
    IsolatedGuests.run("qemu-io", "-c", "write -P 1 0 8M", lower.toString());
    String below = lower.toString();
    IsolatedGuests.run(
        "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, upper.toString());
    IsolatedGuests.run("qemu-io", "-c", "write -P 2 4M 8M", upper.toString());
    IsolatedGuests.run("qemu-img", "convert", "-O", "qcow2", upper.toString(), same.toString());
    engine = new EngineOfTest(root);
    // it finds nothing to boot and writes nothing; a paused QEMU closes no descriptor it was given
    guest = engine.start(XML.formatted(upper));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private void reopen() {
    engine.reopen();
    guest = engine.guests().get("jobs");
  }

  private void await(boolean over) {
    assertTrue(guest.blockJobs().await("vda", over, PATIENCE, progress -> {}), "too slow");
  }

  private void assertDisk(Path image) {
    for (XmlView view : List.of(XmlView.LIVE, XmlView.INACTIVE)) {
      assertEquals(
          image.toString(), guest.tree(view).value("devices/disk/source/@file", ""), view.name());
    }
    assertTrue(guest.xml(XmlView.AS_WRITTEN).contains(image.toString()));
    guest.destroy(false);
    IsolatedGuests.run("qemu-img", "compare", image.toString(), same.toString());
  }

  private static BlockCommit active(boolean delete) {
    return new BlockCommit(Optional.empty(), Optional.empty(), false, true, delete, 0);
  }

  private static BlockCopy copy(Path to, boolean shallow) {
    return new BlockCopy(
        to, Optional.empty(), shallow, false, false, Optional.empty(), Optional.empty(), false, 0);
  }

  @Test
  void whatTheGuestWritesToGoesIntoTheImageBelow() {
    guest.blockJobs().commit("vda", active(true));
    await(false);
    assertTrue(guest.blockJobs().info("vda").orElseThrow().ready());
    // nobody was there meanwhile
    reopen();
    guest.blockJobs().end("vda", true);
    await(true);
    assertEquals(Optional.empty(), guest.blockJobs().info("vda"));
    assertFalse(Files.exists(upper), "a spent image is left");
    assertDisk(lower);
  }

  @Test
  void aCommitThatIsStoppedLeavesTheDiskAsItWas() {
    for (int i = 0; i < 2; i++) {
      guest.blockJobs().commit("vda", active(true));
      await(false);
      assertEquals(
          "disk 'vda' of guest 'jobs' has a job already (Active Block Commit): wait for it, or use"
              + " blockjob --abort",
          message(() -> guest.blockJobs().pull("vda", Optional.empty(), 0)));
      assertTrue(message(() -> guest.managedSave(progress -> {})).contains("has a job"));
      guest.blockJobs().end("vda", false);
      await(true);
    }
    assertDisk(upper);
  }

  private static String message(Runnable act) {
    return String.valueOf(assertThrows(EngineException.class, act::run).getMessage());
  }

  @Test
  void whatLiesBelowComesUp() {
    guest.blockJobs().pull("vda", Optional.empty(), 0);
    reopen();
    await(true);
    guest.destroy(false);
    IsolatedGuests.run("qemu-img", "rebase", "-u", "-b", "", upper.toString());
    IsolatedGuests.run("qemu-img", "compare", upper.toString(), same.toString());
  }

  @Test
  void theCopyOfADiskTakesItsPlace() {
    Path shallow = root.resolve("shallow.qcow2");
    guest.blockJobs().copy("vda", copy(shallow, true));
    await(false);
    guest.blockJobs().end("vda", true);
    await(true);
    Path whole = root.resolve("whole.qcow2");
    guest.blockJobs().copy(shallow.toString(), copy(whole, false));
    await(false);
    guest.blockJobs().end("vda", true);
    await(true);
    assertDisk(whole);
  }

  @Test
  void aCopyThatIsNotReadyCannotTakeThePlace() throws IOException {
    Path to = root.resolve("slow.qcow2");
    BlockCopy slow =
        new BlockCopy(
            to,
            Optional.empty(),
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            false,
            1 << 20);
    guest.blockJobs().copy("vda", slow);
    assertEquals(1 << 20, guest.blockJobs().info("vda").orElseThrow().bytesPerSecond());
    assertEquals(
        "the job of disk 'vda' of guest 'jobs' is not ready for a pivot",
        message(() -> guest.blockJobs().end("vda", true)));
    assertFalse(
        guest.blockJobs().await("vda", false, Duration.ofMillis(1), progress -> {}), "in time");
    guest.blockJobs().end("vda", false);
    await(true);
    assertEquals(
        "'" + to + "' is there already: name another file, or --reuse-external",
        message(() -> guest.blockJobs().copy("vda", slow)));
    assertDisk(upper);
  }
}
