package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import launcher.spawn.Accounts;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.PinnedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases, owners and labels of disks that come and go while a real QEMU runs. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class LiveLeasesIT {
  @TempDir private Path root;
  private Path disk;
  private Engine engine;
  private Guest web1;

  @BeforeEach
  void startGuest() throws IOException {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = root.toRealPath();
    disk = BootSector.disk(root);
    engine = Engine.open(Folders.under(root), new RealSpawner());
    web1 = guest("web1", disk(copy("web1.img"), "vda", "virtio"));
    web1.start(StartOptions.DEFAULT);
  }

  @AfterEach
  void endGuests() {
    EngineOfTest.close(engine);
  }

  /** As after the daemon's death: the monitor's connection ends, another engine finds the guest. */
  private void reopen() {
    engine.close();
    engine = Engine.open(Folders.under(root), new RealSpawner());
    web1 = engine.guests().get("web1");
  }

  private Guest guest(String name, String devices) {
    String xml =
        "<domain type='qemu'><name>"
            + name
            + "</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            + devices
            + "<video><model type='none'/></video></devices></domain>";
    return engine.guests().define(xml, DefineOptions.STRICT).guest();
  }

  private static String disk(Path image, String target, String bus) {
    return "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
        + image
        + "'/><target dev='"
        + target
        + "' bus='"
        + bus
        + "'/></disk>";
  }

  private Path copy(String name) throws IOException {
    return Files.copy(disk, root.resolve(name));
  }

  private static int pid(Guest guest) {
    return guest.pid().orElseThrow();
  }

  private String refusal(Guest guest) {
    return String.valueOf(
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT)).getMessage());
  }

  private String held(String by, Path image) {
    return "Failed at step 'lease disk' starting guest 'web2': '"
        + image
        + "' is held by guest '"
        + by
        + "' (pid "
        + pid(engine.guests().get(by))
        + ")";
  }

  @Test
  void aPluggedInDiskIsLeasedUntilItIsUnpluggedWhoeverDies() throws IOException {
    Path data = copy("data.img");
    Guest web2 = guest("web2", disk(data, "vda", "virtio"));
    web1.devices().attach(disk(data, "sda", "usb"));
    assertEquals(held("web1", data), refusal(web2));
    reopen();
    web2 = engine.guests().get("web2");
    assertEquals(held("web1", data), refusal(web2), "QEMU itself holds it");
    web1.suspend();
    assertEquals(held("web1", data), refusal(web2), "paused");
    web1.resume();
    web1.devices().detach("<disk><target dev='sda'/></disk>");
    web2.start(StartOptions.DEFAULT);
    String said =
        String.valueOf(
            assertThrows(
                    EngineException.class, () -> web1.devices().attach(disk(data, "sda", "usb")))
                .getMessage());
    assertEquals(
        "Failed at step 'lease disk' of guest 'web1': '"
            + data
            + "' is held by guest 'web2' (pid "
            + pid(web2)
            + ")",
        said);
    web2.destroy(false);
    web1.devices().attach(disk(data, "sda", "usb"));
    ProcessHandle.of(pid(web1)).orElseThrow().destroyForcibly();
    web1.awaitEnd(Duration.ofMinutes(1));
    web2.start(StartOptions.DEFAULT);
  }

  @Test
  void aDiskOfTheStartIsGivenBackWhenItIsUnplugged() throws IOException {
    Path data = copy("data.img");
    Guest web3 = guest("web3", disk(copy("web3.img"), "vda", "virtio") + disk(data, "sda", "usb"));
    web3.start(StartOptions.DEFAULT);
    Guest web2 = guest("web2", disk(data, "vda", "virtio"));
    assertEquals(held("web3", data), refusal(web2));
    web3.devices().detach("<disk><target dev='sda'/></disk>");
    web2.start(StartOptions.DEFAULT);
    web2.destroy(false);
    web3.devices().attach(disk(data, "sda", "usb"));
    assertEquals(held("web3", data), refusal(web2), "taken again");
    web3.devices().detach("<disk><target dev='sda'/></disk>");
    web2.start(StartOptions.DEFAULT);
  }

  @Test
  void leasesOfTheirOwnAndSharedDisksComeAndGo() throws IOException {
    Path shared = copy("shared.img");
    String some = disk(shared, "vdb", "virtio").replace("</disk>", "<shareable/></disk>");
    Guest web2 = guest("web2", some.replace("vdb", "vda"));
    web1.devices().attach(some.replace("virtio", "usb").replace("vdb", "sdb"));
    web2.start(StartOptions.DEFAULT);
    Guest whole = guest("whole", disk(shared, "vda", "virtio"));
    assertTrue(refusal(whole).contains("is held by guest"), refusal(whole));
    String lease = "<lease><lockspace>s</lockspace><key>k</key><target path='/none'/></lease>";
    web1.devices().attach(lease);
    assertThrows(EngineException.class, () -> web1.devices().attach(lease), "has it already");
    Guest leased = guest("leased", lease);
    String held = "'k' is held by guest 'web1' (pid " + pid(web1) + ")";
    assertTrue(refusal(leased).endsWith(held), refusal(leased));
    reopen();
    leased = engine.guests().get("leased");
    assertTrue(refusal(leased).endsWith(held), "QEMU itself holds it");
    web1.devices().detach(lease);
    leased.start(StartOptions.DEFAULT);
    assertThrows(EngineException.class, () -> web1.devices().attach(lease), "another has it");
  }

  @Test
  void anExchangedMediumIsLeasedAndTheOldOneGivenBack() throws IOException {
    Path a = copy("a.img");
    Path b = copy("b.img");
    String floppy = disk(a, "fda", "fdc").replace("device='disk'", "device='floppy'");
    Guest web3 = guest("web3", disk(copy("web3.img"), "vda", "virtio") + floppy);
    web3.start(StartOptions.DEFAULT);
    Guest onA = guest("web2", disk(a, "vda", "virtio"));
    assertEquals(held("web3", a), refusal(onA));
    web3.devices().changeMedia("fda", Optional.of(b), "raw", false);
    onA.start(StartOptions.DEFAULT);
    onA.destroy(false);
    Guest onB = guest("web2", disk(b, "vda", "virtio"));
    assertEquals(held("web3", b), refusal(onB));
    assertTrue(
        assertThrows(
                EngineException.class,
                () ->
                    web3.devices()
                        .changeMedia("fda", Optional.of(root.resolve("web1.img")), "raw", false))
            .getMessage()
            .contains("is held by guest 'web1'"));
    web3.devices().changeMedia("fda", Optional.empty(), "raw", true);
    onB.start(StartOptions.DEFAULT);
  }

  @Test
  void aSavedGuestHoldsNothingAndTakesItAgainBeforeItRuns() {
    Path image = root.resolve("web1.img");
    Guest web2 = guest("web2", disk(image, "vda", "virtio"));
    web1.managedSave(progress -> {});
    web2.start(StartOptions.DEFAULT);
    String said = refusal(web1);
    assertTrue(
        said.contains("'" + image + "' is held by guest 'web2' (pid " + pid(web2) + ")"), said);
    web2.destroy(false);
    web1.start(StartOptions.DEFAULT);
    assertEquals("restored", web1.state().reason().replace("unpaused", "restored"));
    assertEquals(held("web1", image), refusal(web2));
  }

  @Test
  void ownersOfPluggedInDisksComeBack() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    web1.destroy(false);
    engine.close();
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/isolation.conf"), "user = libvirt-qemu\n");
    reopen();
    web1.start(StartOptions.DEFAULT);
    Path data = copy("data.img");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rw-------"));
    int uid = Accounts.user("libvirt-qemu").orElseThrow().intValue();
    web1.devices().attach(disk(data, "sda", "usb"));
    assertEquals(uid, Files.getAttribute(data, "unix:uid"));
    web1.devices().detach("<disk><target dev='sda'/></disk>");
    assertEquals(0, Files.getAttribute(data, "unix:uid"));
    web1.devices().attach(disk(data, "sda", "usb"));
    reopen();
    web1.destroy(false);
    assertEquals(0, Files.getAttribute(data, "unix:uid"), "at its end");
    try (PinnedFile file = PinnedFile.open(data)) {
      assertFalse(file.extended("trusted.launcher.owner").isPresent());
    }
  }
}
