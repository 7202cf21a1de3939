package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import launcher.engine.GuestSnapshots.DeleteOptions;
import launcher.engine.GuestSnapshots.RevertOptions;
import launcher.spawn.Accounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots on real images and a real QEMU; what a running Linux sees of them is LinuxVerbsIT's.
 */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class SnapshotIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <!-- kept -->
        <name>snap</name>
        <memory unit='MiB'>32</memory>
        <os%s><type arch='x86_64' machine='q35'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='qcow2'/>
            <source file='%s'/>
            <target dev='vda' bus='virtio'/>
          </disk>
        </devices>
      </domain>
      """;

  private static final DeleteOptions WITH_CHILDREN = new DeleteOptions(true, false, false);

  @TempDir private Path root;
  private Path image;
  private EngineOfTest engine;

  @BeforeEach
  void open() throws IOException {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img")) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "needs /usr/bin/" + tool);
    }
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    image = root.resolve("disk,1.qcow2");
    IsolatedGuests.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "1M");
    engine = new EngineOfTest(root);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Guest define(String os) {
    return engine.define(XML.formatted(os, image));
  }

  private static void take(Guest guest, SnapshotRequest request) {
    guest.snapshots().create(request, progress -> {});
  }

  private static String source(Guest guest, XmlView view) {
    return guest.tree(view).value("devices/disk/source/@file", "");
  }

  @Test
  void bringsTheVariablesOfTheFirmwareBack() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd")), "needs the package ovmf");
    Guest guest = define(" firmware='efi'");
    guest.start(new StartOptions(true, false));
    guest.destroy(false);
    Path variables = Path.of(guest.tree(XmlView.INACTIVE).value("os/nvram", ""));
    byte[] before = Files.readAllBytes(variables);
    take(guest, SnapshotRequest.named("off"));
    Files.writeString(variables, "changed", StandardOpenOption.WRITE);
    guest.snapshots().revert("off", RevertOptions.AS_IT_WAS, progress -> {});
    assertTrue(Arrays.equals(before, Files.readAllBytes(variables)), "not brought back");
    EngineException refused =
        assertThrows(EngineException.class, () -> guest.undefine(UndefineOptions.DEFINITION));
    assertEquals(
        "guest 'snap' has 1 snapshots: delete them, or undefine it with --snapshots-metadata",
        refused.getMessage());
  }

  @Test
  void aConfinedGuestChangesOverToNewImagesAndBack() throws IOException {
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    Path settings = Files.createDirectories(root.resolve("etc")).resolve("isolation.conf");
    Files.writeString(settings, "user = libvirt-qemu\n");
    engine.reopen();
    Guest guest = define("");
    guest.start(StartOptions.DEFAULT);
    take(guest, SnapshotRequest.named("first"));
    take(guest, SnapshotRequest.disksOnly("second"));
    Path overlay = root.resolve("disk,1.second");
    assertEquals(overlay.toString(), source(guest, XmlView.LIVE));
    assertEquals(overlay.toString(), source(guest, XmlView.INACTIVE));
    assertTrue(guest.xml(XmlView.AS_WRITTEN).contains("<!-- kept -->"));
    assertEquals("libvirt-qemu", Files.getOwner(overlay).getName());
    guest.snapshots().delete("second", DeleteOptions.ONE, progress -> {});
    assertEquals(image.toString(), source(guest, XmlView.LIVE));
    assertFalse(Files.exists(overlay), "the new image is left");
    guest.snapshots().revert("first", RevertOptions.AS_IT_WAS, progress -> {});
    assertEquals(GuestState.Phase.RUNNING, guest.state().phase());
    guest.destroy(false);
    assertEquals("root", Files.getOwner(image).getName());
    guest.snapshots().delete("first", WITH_CHILDREN, progress -> {});
    assertEquals(List.of(), guest.snapshots().list());
  }

  private List<String> images() throws IOException {
    try (var files = Files.list(root)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("disk"))
          .toList();
    }
  }

  @Test
  void aChainThatWasThereBeforeTheGuestGoesImageByImage() throws IOException {
    Guest guest = define("");
    for (String name : List.of("a", "b", "c", "d")) {
      take(guest, SnapshotRequest.disksOnly(name));
    }
    guest.start(StartOptions.DEFAULT);
    for (String name : List.of("a", "c", "b", "d")) {
      guest.snapshots().delete(name, DeleteOptions.ONE, progress -> {});
    }
    assertEquals(image.toString(), source(guest, XmlView.LIVE));
    assertEquals(List.of("disk,1.qcow2"), images());
    guest.destroy(false);
  }

  @Test
  void goesBackToAnImageThatWasLeft() throws IOException {
    Guest guest = define("");
    take(guest, SnapshotRequest.disksOnly("a"));
    take(guest, SnapshotRequest.disksOnly("b"));
    guest.snapshots().revert("a", RevertOptions.AS_IT_WAS, progress -> {});
    Path fresh = Path.of(source(guest, XmlView.INACTIVE));
    assertFalse(List.of("disk,1.a", "disk,1.b").contains(String.valueOf(fresh.getFileName())));
    guest.snapshots().delete("a", WITH_CHILDREN, progress -> {});
    assertEquals(image.toString(), source(guest, XmlView.INACTIVE));
    assertEquals(List.of("disk,1.qcow2"), images());
  }

  /** A launcher that is killed before QEMU was told has left this; the image is what it was. */
  private Path begun(SnapshotRequest request, boolean made) throws IOException {
    Guest guest = define("");
    Path folder = root.resolve("lib/snapshots").resolve(guest.uuid());
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("begun.xml"), guest.snapshots().plan(request));
    Files.writeString(folder.resolve("begun.definition"), guest.xml(XmlView.AS_WRITTEN));
    Path overlay = Files.writeString(root.resolve("disk,1.half"), "half of an image");
    if (made) {
      Files.writeString(
          folder.resolve("made.xml"), "<images><image file='" + overlay + "'/></images>");
    }
    engine.reopen();
    return overlay;
  }

  @Test
  void whatAKilledLauncherHadBegunIsTakenBack() throws IOException {
    SnapshotRequest request = SnapshotRequest.disksOnly("half");
    Path overlay = begun(request, true);
    assertFalse(Files.exists(overlay), "the half image is left");
    assertEquals(List.of(), engine.guests().get("snap").snapshots().list());
    take(engine.guests().get("snap"), request);
    assertEquals("half", engine.guests().get("snap").snapshots().current().orElseThrow().name());
  }

  @Test
  void whatAUserHadPreparedOutlivesAKilledLauncher() throws IOException {
    Path overlay = begun(SnapshotRequest.disksOnly("half"), false);
    assertEquals("half of an image", Files.readString(overlay));
    assertEquals(List.of(), engine.guests().get("snap").snapshots().list());
  }

  @Test
  void takesAndRemembersWhatXmlDescribes() throws IOException {
    Guest guest = define("");
    String xml =
        """
        <domainsnapshot>
          <name>described</name>
          <description>by hand</description>
          <disks><disk name='vda' snapshot='external'><source file='%s'/></disk></disks>
        </domainsnapshot>
        """
            .formatted(root.resolve("mine.qcow2"));
    SnapshotRequest plain =
        new SnapshotRequest(Optional.empty(), "", false, false, false, false, true, List.of());
    guest.snapshots().create(xml, plain, progress -> {});
    assertEquals(root.resolve("mine.qcow2").toString(), source(guest, XmlView.INACTIVE));
    String whole = guest.snapshots().xml("described");
    guest.snapshots().delete("described", new DeleteOptions(false, false, true), progress -> {});
    assertFalse(guest.snapshots().any());
    guest.snapshots().redefine(whole.replace("by hand", "again"), true);
    assertEquals("again", guest.snapshots().current().orElseThrow().description());
    guest.snapshots().delete("described", DeleteOptions.ONE, progress -> {});
    assertEquals(image.toString(), source(guest, XmlView.INACTIVE));
    assertEquals(
        "the XML is no <domainsnapshot>: there is no <nonsense> in a snapshot",
        assertThrows(
                EngineException.class,
                () ->
                    guest
                        .snapshots()
                        .create(
                            "<domainsnapshot><nonsense/></domainsnapshot>", plain, progress -> {}))
            .getMessage());
    guest.resize("vda", 2 << 20);
    assertEquals(Optional.of(2L << 20), guest.diskUse().getFirst().capacity());
    assertThrows(EngineException.class, () -> guest.resize("vda", 1 << 20));
  }

  @Test
  void refusesWhatCannotBe() throws IOException {
    Guest guest = define("");
    SnapshotRequest unknown =
        new SnapshotRequest(
            Optional.of("x"),
            "",
            true,
            false,
            false,
            false,
            true,
            List.of(new SnapshotRequest.DiskWish("vdz", Optional.empty(), Optional.empty())));
    assertEquals("guest 'snap' has no disk 'vdz'", message(guest, unknown));
    Files.write(root.resolve("disk,1.there"), "mine".getBytes(StandardCharsets.UTF_8));
    assertTrue(message(guest, SnapshotRequest.disksOnly("there")).contains("is there already"));
    assertEquals("mine", Files.readString(root.resolve("disk,1.there")));
    assertTrue(message(guest, SnapshotRequest.named("a\nb")).contains("no control characters"));
  }

  private static String message(Guest guest, SnapshotRequest request) {
    return String.valueOf(
        assertThrows(EngineException.class, () -> take(guest, request)).getMessage());
  }
}
