package launcher.engine.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.Plan;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.LeaseFile;
import launcher.spawn.RealSpawner;
import launcher.spawn.SpawnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OfdLockManagerTest {
  private static final CommandSpec SLEEPER =
      CommandSpec.of("/bin/sleep").add("600").daemon().build();
  @TempDir Path folder;

  private static XmlElement guest(String name, String devices) {
    return XmlReader.read(
        "test",
        "<domain type='qemu'><name>" + name + "</name><devices>" + devices + "</devices></domain>");
  }

  private static String disk(Path path, String more) {
    return "<disk type='file'><source file='" + path + "'/>" + more + "</disk>";
  }

  private Path image(String name) throws IOException {
    return Files.writeString(folder.resolve(name), name);
  }

  private LockManager locks() {
    return new OfdLockManager(folder);
  }

  @Test
  void twoNamesOfOneDiskAreOneDisk() throws IOException {
    Path image = image("disk");
    Path link = Files.createSymbolicLink(folder.resolve("link"), image);
    Path hard = Files.createLink(folder.resolve("hard"), image);
    Path round = folder.resolve("../" + folder.getFileName() + "/disk");
    String key = DiskKey.of(image);
    assertEquals(key, DiskKey.of(link));
    assertEquals(key, DiskKey.of(hard));
    assertEquals(key, DiskKey.of(round));
    assertNotEquals(key, DiskKey.of(image("other")));
  }

  /** In sysfs's words; a loop device is not to be had on every host, and not by everybody. */
  @Test
  void aLoopDeviceIsTheFileThatItShows() throws IOException {
    Path image = image("disk");
    Path loop = Files.createDirectory(folder.resolve("loop"));
    assertEquals(Optional.empty(), DiskKey.behindLoop(loop), "another device");
    Files.writeString(loop.resolve("backing_file"), image + "\n");
    Files.writeString(loop.resolve("offset"), "0\n");
    Files.writeString(loop.resolve("sizelimit"), "0\n");
    assertEquals(Optional.of(image), DiskKey.behindLoop(loop));
    Files.writeString(loop.resolve("offset"), "1048576\n");
    assertEquals(Optional.empty(), DiskKey.behindLoop(loop), "a part of it");
    Files.writeString(loop.resolve("offset"), "0\n");
    Files.delete(image);
    assertEquals(Optional.empty(), DiskKey.behindLoop(loop), "no file of that name");
  }

  @Test
  void readOnlyNeedsNoneAndShareableShares() throws IOException {
    Path image = image("disk");
    assertEquals(List.of(), locks().leases(guest("a", disk(image, "<readonly/>"))));
    assertTrue(locks().leases(guest("a", disk(image, "<shareable/>"))).getFirst().shared());
    assertFalse(locks().leases(guest("a", disk(image, ""))).getFirst().shared());
    assertEquals(
        1,
        locks()
            .leases(guest("a", "<lease><lockspace>s</lockspace><key>../k</key></lease>"))
            .size());
  }

  @Test
  void aDiskThatIsNotThereIsNamed() {
    EngineException missing =
        assertThrows(
            EngineException.class,
            () -> locks().leases(guest("web1", disk(Path.of("/no/disk"), ""))));
    assertTrue(
        missing
            .getMessage()
            .startsWith("Failed at step 'lease disk' starting guest 'web1': '/no/disk' cannot be"),
        missing.getMessage());
  }

  private CommandSpec command(XmlElement live) {
    Plan plan = new Plan(List.of(), SLEEPER, List.of(), List.of());
    return locks().hold(plan, locks().leases(live), live.value("name", "")).command();
  }

  @Test
  void theSecondStarterIsToldWhoHoldsTheDisk() throws IOException {
    Path image = image("disk");
    Path link = Files.createSymbolicLink(folder.resolve("link"), image);
    RealSpawner spawner = new RealSpawner();
    XmlElement web2 = guest("web2", disk(link, ""));
    try (Child web1 = spawner.start(command(guest("web1", disk(image, ""))))) {
      SpawnException refused =
          assertThrows(SpawnException.class, () -> spawner.start(command(web2)));
      assertEquals(
          "Failed at step 'lease disk' starting guest 'web2': '"
              + link
              + "' is held by guest 'web1' (pid "
              + web1.pid()
              + ")",
          LeaseRefusal.explain(web2, refused).orElseThrow());
      web1.stop(Duration.ZERO);
    }
    try (Child now = spawner.start(command(web2))) {
      now.stop(Duration.ZERO);
    }
  }

  /** Held from before the first instruction, and given up by a start that goes no further. */
  @Test
  void aLeaseIsHeldAtTheHandshakeAndGoneAfterANo() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sleep")), "needs sleep");
    XmlElement live = guest("web1", disk(image("disk"), ""));
    RealSpawner spawner = new RealSpawner();
    try (HeldChild held = spawner.hold(command(live))) {
      assertTrue(held.pid() > 0);
      assertThrows(SpawnException.class, () -> spawner.hold(command(live)));
    }
    spawner.hold(command(live)).abort();
  }

  @Test
  void oneGuestMayNameADiskTwice() throws IOException {
    Path image = image("disk");
    CommandSpec command = command(guest("a", disk(image, "") + disk(image, "<shareable/>")));
    assertEquals(1, command.leases().size());
    assertFalse(command.leases().stream().allMatch(LeaseFile::shared));
  }
}
