package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.drivers.plan.IsolationStep;
import launcher.spawn.Accounts;
import launcher.spawn.CommandSpec;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.PinnedFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes a file's owner and label, and the tricks that must not work with it. */
final class IsolationStepsTest {
  private static final String LABEL = "system_u:object_r:svirt_image_t:s0:c1,c2";
  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void needsRoot() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    disk = Files.writeString(folder.resolve("disk"), "data");
  }

  private static IsolationStep own(Path path, long uid, String user) {
    return new IsolationStep.OwnFile(path, uid, uid, user);
  }

  private static long owner(Path path) throws IOException {
    return ((Integer) Files.getAttribute(path, "unix:uid")).longValue();
  }

  @Test
  void ownerComesBackWithTheLastUser() throws IOException {
    Files.setAttribute(disk, "unix:uid", 33);
    IsolationSteps.carryOut(own(disk, 1234, "web1"));
    IsolationSteps.carryOut(own(disk, 1234, "web2"));
    assertEquals(1234, owner(disk));
    IsolationSteps.undo(own(disk, 1234, "web1"));
    assertEquals(1234, owner(disk), "web2 still uses it");
    IsolationSteps.undo(own(disk, 1234, "web2"));
    assertEquals(33, owner(disk));
    IsolationSteps.undo(own(disk, 1234, "web2"));
    assertEquals(33, owner(disk), "taking back twice changes nothing");
  }

  @Test
  void anotherOwnersFileIsRefusedWhileItsGuestRuns() throws IOException {
    IsolationSteps.carryOut(own(disk, 1234, "web1"));
    assertEquals(
        "It is used by guest web1 with '1234:1234', this one needs '55:55'",
        assertThrows(IOException.class, () -> IsolationSteps.carryOut(own(disk, 55, "web2")))
            .getMessage());
    assertEquals(1234, owner(disk));
    IsolationSteps.undo(own(disk, 55, "web2"));
    assertEquals(1234, owner(disk), "the refused one takes nothing back");
  }

  @Test
  void originalOutlivesAReboot() throws IOException {
    IsolationSteps.carryOut(own(disk, 1234, "web1"));
    try (PinnedFile file = PinnedFile.open(disk)) {
      String memory = file.extended("trusted.launcher.owner").orElseThrow();
      file.extend(
          "trusted.launcher.owner", "another-boot" + memory.substring(memory.indexOf('\n')));
    }
    IsolationSteps.carryOut(own(disk, 55, "web2"));
    assertEquals(55, owner(disk), "nobody of another boot still uses it");
    IsolationSteps.undo(own(disk, 55, "web2"));
    assertEquals(0, owner(disk));
  }

  @Test
  void labelIsSetAndTakenBack() throws IOException {
    IsolationStep step = new IsolationStep.LabelFile(disk, LABEL, "web1");
    IsolationSteps.carryOut(step);
    try (PinnedFile file = PinnedFile.open(disk)) {
      assertEquals(LABEL, file.extended("security.selinux").orElseThrow());
      IsolationSteps.undo(step);
      assertTrue(file.extended("security.selinux").isEmpty());
      assertTrue(file.extended("trusted.launcher.label").isEmpty());
    }
  }

  @Test
  void aLinkInPlaceOfTheImageIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), disk);
    assertEquals(
        "A symbolic link has taken its place since it was looked up",
        assertThrows(IOException.class, () -> IsolationSteps.carryOut(own(link, 1, "web1")))
            .getMessage());
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.writeString(real.resolve("disk"), "");
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), real);
    assertThrows(
        IOException.class, () -> IsolationSteps.carryOut(own(linked.resolve("disk"), 1, "web1")));
    assertEquals(0, owner(disk));
    assertEquals(0, owner(real.resolve("disk")));
  }

  @Test
  void aHardLinkIsRefused() throws IOException {
    Files.createLink(folder.resolve("other-name"), disk);
    IOException refused =
        assertThrows(IOException.class, () -> IsolationSteps.carryOut(own(disk, 1, "web1")));
    assertTrue(
        refused.getMessage().startsWith("It has 2 names (hard links)"), refused.getMessage());
    assertEquals(0, owner(disk));
  }

  @Test
  void aFifoOrASocketIsNoImage() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "needs mkfifo");
    Path fifo = folder.resolve("fifo");
    new RealSpawner().run(CommandSpec.of("/usr/bin/mkfifo").add(fifo.toString()).build()).orThrow();
    assertEquals(
        "It is neither a regular file nor a block device",
        assertThrows(
                IOException.class,
                () -> IsolationSteps.carryOut(new IsolationStep.CheckImage(fifo, false, "web1")))
            .getMessage());
    assertThrows(
        IOException.class,
        () -> IsolationSteps.carryOut(new IsolationStep.CheckImage(folder, false, "web1")));
    assertEquals(
        "It is no block device; for a file the disk needs type='file'",
        assertThrows(
                IOException.class,
                () -> IsolationSteps.carryOut(new IsolationStep.CheckImage(disk, true, "web1")))
            .getMessage());
    IsolationSteps.carryOut(new IsolationStep.CheckImage(disk, false, "web1"));
  }

  @Test
  void aFileThatIsGoneIsNoFailureAtTheEnd() throws IOException {
    IsolationSteps.carryOut(own(disk, 1234, "web1"));
    Files.delete(disk);
    IsolationSteps.undo(own(disk, 1234, "web1"));
  }
}
