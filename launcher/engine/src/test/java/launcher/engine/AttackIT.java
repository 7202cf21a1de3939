package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import launcher.engine.GuestSnapshots.DeleteOptions;
import launcher.engine.store.ImageTool;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Environment;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Signal;
import launcher.spawn.Spawner;
import launcher.spawn.StandardOutput;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an attacker with a name or a file tries, on real guests; with a whole guest, see {@link
 * TakenOverQemuIT}.
 */
@SuppressWarnings("NullAway.Init") // made before each test
final class AttackIT {
  private static final Path SHADOW = Path.of("/etc/shadow");
  private static final String USER = "user = libvirt-qemu\n";

  @TempDir private Path folder;
  private IsolatedGuests guests;
  private String shadow;

  @BeforeEach
  void open() throws IOException {
    guests = IsolatedGuests.asLibvirtQemu(folder);
    shadow = owner(SHADOW);
  }

  @AfterEach
  void nothingForeignHasChanged() throws IOException {
    if (guests != null) {
      guests.close();
      assertEquals(shadow, owner(SHADOW));
    }
  }

  private static String owner(Path file) throws IOException {
    var found = Files.readAttributes(file, "unix:uid,gid,mode,nlink");
    return new TreeMap<>(found).toString();
  }

  private Path victim() throws IOException {
    Path victim = Files.writeString(guests.root().resolve("victim"), "another's secret");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
    return victim;
  }

  /** Does something between the check of a file and its use: when the process is about to be. */
  private record Meddler(Spawner real, Meddling meddling) implements Spawner {
    @FunctionalInterface
    interface Meddling {
      void act() throws IOException;
    }

    @Override
    public Child start(CommandSpec command) {
      return real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      try {
        meddling.act();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return real.hold(command);
    }
  }

  private String refusedThoughSwapped(Meddler.Meddling meddling, Path image) throws IOException {
    guests.reopen(USER, new Meddler(new RealSpawner(), meddling));
    return IsolatedGuests.refusal(guests.define("swapped", image));
  }

  /** Whoever may read an image may lock it, and QEMU would only say that somebody has. */
  @Test
  void whoLocksAnImageIsNamed() throws IOException {
    Path image = guests.copy("web1.img");
    Guest guest = guests.define("web1", image);
    int descriptor = Calls.open(image, 0, 0);
    try {
      assertTrue(Calls.lock(descriptor, Calls.FileLock.SHARED));
      String said = IsolatedGuests.refusal(guest);
      long pid = ProcessHandle.current().pid();
      assertTrue(said.startsWith("Failed at step 'lease disk' starting guest 'web1'"), said);
      assertTrue(said.contains("is no guest, most likely 'java' (pid " + pid + ")"), said);
    } finally {
      Calls.close(descriptor);
    }
    guest.start(StartOptions.DEFAULT);
  }

  /** A name on a command line is anybody's to choose. */
  @Test
  void aNameThatAnotherProgramBearsDrivesNoTerminal() throws IOException {
    Path image = guests.copy("web1.img");
    Guest guest = guests.define("web1", image);
    int descriptor = Calls.open(image, 0, 0);
    try (Child liar =
        new RealSpawner()
            .start(
                CommandSpec.of("/bin/busybox")
                    .addAll(List.of("tail", "-f", "/dev/null", "--", "-name", "x\u001b[2Jy\nz"))
                    .descriptor(5, new Descriptor.OpenFile(image, Descriptor.Access.READ))
                    .environment(Environment.common())
                    .output(new StandardOutput.Null())
                    .error(new StandardOutput.Null())
                    .build())) {
      assertTrue(Calls.lock(descriptor, Calls.FileLock.SHARED));
      String said = IsolatedGuests.refusal(guest);
      assertTrue(said.contains("guest 'x?[2Jy?z' (pid " + liar.pid() + ")"), said);
      liar.signal(Signal.KILL);
      liar.await();
    } finally {
      Calls.close(descriptor);
    }
  }

  /** A guest of a qcow2 disk with a snapshot, that has written to its new image and is off now. */
  private Guest withSnapshot(Path base) {
    Guest guest = guests.define("snapped", IsolatedGuests.disk("qcow2", base), "");
    guest.snapshots().create(SnapshotRequest.disksOnly("s"), progress -> {});
    IsolatedGuests.run("qemu-io", "-f", "qcow2", "-c", "write -P 65 0 512", overlay(guest));
    return guest;
  }

  private static String overlay(Guest guest) {
    return guest.tree(XmlView.INACTIVE).value("devices/disk/source/@file", "");
  }

  private static String notDeleted(Guest guest) {
    return String.valueOf(
        assertThrows(
                EngineException.class,
                () -> guest.snapshots().delete("s", DeleteOptions.ONE, progress -> {}))
            .getMessage());
  }

  private Path image(String... options) {
    Path image = guests.root().resolve("base.qcow2");
    List<String> words = new ArrayList<>(List.of("create", "-q", "-f", "qcow2"));
    words.addAll(List.of(options));
    words.addAll(List.of(image.toString(), "64K"));
    IsolatedGuests.run("qemu-img", words.toArray(String[]::new));
    return image;
  }

  /** qemu-img runs as root and would write to whatever the guest has named in the header. */
  @Test
  void whatCameAfterASnapshotIsNotWrittenIntoAForeignFile() throws IOException {
    Path victim = victim();
    Guest guest = withSnapshot(image());
    String overlay = overlay(guest);
    IsolatedGuests.run(
        "qemu-img", "rebase", "-u", "-f", "qcow2", "-b", victim.toString(), "-F", "raw", overlay);
    String said = notDeleted(guest);
    assertTrue(said.contains("it names '" + victim + "' as what is below it"), said);
    assertEquals("another's secret", Files.readString(victim));
  }

  @Test
  void norByTheLowerImagesDataFile() throws IOException {
    Path victim = victim();
    Path decoy = guests.root().resolve("decoy");
    Guest guest = withSnapshot(image());
    // as the guest could have done while that image was its disk
    Path base = image("-o", "data_file=" + decoy + ",data_file_raw=on");
    IsolatedGuests.run(
        "qemu-img", "amend", "-f", "qcow2", "-o", "data_file=" + victim, base.toString());
    String said = notDeleted(guest);
    assertTrue(said.contains("keeps its data in another file"), said);
    assertEquals("another's secret", Files.readString(victim));
  }

  /** Even when the header is changed after it was looked at. */
  @Test
  void theToolReachesNoForeignFile() throws IOException {
    assumeTrue(Calls.landlockVersion() > 0, "needs a kernel with Landlock");
    Path victim = victim();
    Path image = image();
    IsolatedGuests.run(
        "qemu-img",
        "rebase",
        "-u",
        "-f",
        "qcow2",
        "-b",
        victim.toString(),
        "-F",
        "raw",
        image.toString());
    ImageTool tool = new ImageTool(new RealSpawner(), (file, format, known) -> List.of());
    String said =
        String.valueOf(
            assertThrows(EngineException.class, () -> tool.take(image, "t")).getMessage());
    assertTrue(said.contains("Permission denied"), said);
  }

  @Test
  void anImageThatBecomesALinkIsNotFollowed() throws IOException {
    Path victim = victim();
    String before = owner(victim);
    Path image = guests.copy("web1.img");
    String said =
        refusedThoughSwapped(
            () -> {
              Files.delete(image);
              Files.createSymbolicLink(image, victim);
            },
            image);
    assertTrue(said.contains("symbolic link has taken its place since it was looked up"), said);
    assertEquals(before, owner(victim));
  }

  @Test
  void anotherFileInTheImagesPlaceIsNotRun() throws IOException {
    Path image = guests.copy("web1.img");
    Path other = guests.copy("other.img");
    String said =
        refusedThoughSwapped(
            () -> {
              Files.delete(image);
              Files.move(other, image);
            },
            image);
    assertTrue(said.startsWith("Failed at step 'verify image' of '" + image + "'"), said);
    assertTrue(said.contains("Another file has taken its place since it was checked"), said);
    assertEquals(0, Files.getAttribute(image, "unix:uid"), "its owner came back");
  }

  @Test
  void aFolderOnTheWayThatBecomesALinkIsNotFollowed() throws IOException {
    Path image = guests.copy("mine/web1.img");
    Path victims = Files.createDirectory(guests.root().resolve("victims"));
    Path victim = Files.copy(image, victims.resolve("web1.img"));
    String before = owner(victim);
    String said =
        refusedThoughSwapped(
            () -> {
              Files.move(guests.root().resolve("mine"), guests.root().resolve("away"));
              Files.createSymbolicLink(guests.root().resolve("mine"), victims);
            },
            image);
    assertTrue(said.contains("symbolic link has taken its place"), said);
    assertEquals(before, owner(victim));
  }

  @Test
  void aHardLinkToAForeignFileIsRefused() throws IOException {
    Path victim = victim();
    Path link = Files.createLink(guests.root().resolve("mine.img"), victim);
    String before = owner(victim);
    String said = IsolatedGuests.refusal(guests.define("linked", link));
    assertTrue(said.contains("It has 2 names (hard links)"), said);
    assertEquals(before, owner(victim));
  }

  @Test
  void whatIsNoImageIsRefusedAndNotWaitedFor() throws IOException {
    Path fifo = guests.root().resolve("fifo");
    IsolatedGuests.run("mkfifo", fifo.toString());
    for (String format : List.of("raw", "qcow2")) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(2),
          () -> {
            Guest guest = guests.define("odd", IsolatedGuests.disk(format, fifo), "");
            String said = IsolatedGuests.refusal(guest);
            assertTrue(said.contains("neither a regular file nor a block device"), said);
          });
    }
    for (Path odd : List.of(Path.of("/dev/zero"), Path.of("/dev/null"), guests.root())) {
      String said = IsolatedGuests.refusal(guests.define("odd", odd));
      assertTrue(said.contains("neither a regular file nor a block device"), said);
    }
    String block = IsolatedGuests.disk("block", "raw", guests.copy("plain.img"), "");
    String said = IsolatedGuests.refusal(guests.define("odd", block, ""));
    assertTrue(said.contains("It is no block device"), said);
  }

  @Test
  void pathsThatMeanAnotherFileToEachProcessAreRefused() throws IOException {
    Path link = Files.createSymbolicLink(guests.root().resolve("link"), Path.of("/proc/1/environ"));
    for (Path place :
        List.of(
            Path.of("/proc/self/mem"),
            Path.of("/proc/1/root/etc/shadow"),
            Path.of("/dev/fd/3"),
            Path.of("/dev/../dev/fd/0"),
            Path.of("/dev/fdset/1"),
            Path.of("/dev/stdin"),
            Path.of("/sys/kernel/notes"),
            link)) {
      for (String format : List.of("raw", "qcow2")) {
        Guest guest = guests.define("odd", IsolatedGuests.disk(format, place), "");
        String said = IsolatedGuests.refusal(guest);
        assertTrue(said.contains("no image can lie under '"), said);
      }
    }
  }

  @Test
  void anImageLeadsToNoSecret() throws IOException {
    Path image = guests.root().resolve("top.qcow2");
    IsolatedGuests.run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "raw",
        "-b",
        "/etc/shadow",
        image.toString());
    Guest guest = guests.define("thief", IsolatedGuests.disk("qcow2", image), "");
    String said = IsolatedGuests.refusal(guest);
    assertTrue(said.contains("names '/etc/shadow' as its backing file, and that is not"), said);
  }

  /** The guest of a raw disk has written the header of a qcow2 image to its first sector. */
  @Test
  void aRawDisksContentIsNotBelieved() throws IOException {
    Path image = guests.copy("raw.img");
    byte[] name = "/etc/shadow".getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(512);
    header
        .putInt(0x514649fb)
        .putInt(3)
        .putLong(256)
        .putInt(name.length)
        .putInt(16)
        .putLong(1 << 20);
    header.putInt(100, 104);
    header.position(256);
    header.put(name).rewind();
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(header, 0);
    }
    Guest guest = guests.define("raw", image);
    guest.start(StartOptions.DEFAULT);
    String blocks = guest.monitor().humanCommand("info block");
    assertTrue(isRaw(blocks) && !blocks.contains("shadow"), blocks);
  }

  @Test
  void numbersOfAnImageThatCannotBeAreRefused() throws IOException {
    Path image = guests.root().resolve("huge.qcow2");
    IsolatedGuests.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "1M");
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(8).putLong(Long.MAX_VALUE).rewind(), 24); // size
      channel.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).rewind(), 36); // of table
    }
    Guest guest = guests.define("huge", IsolatedGuests.disk("qcow2", image), "");
    String said = IsolatedGuests.refusal(guest);
    assertTrue(said.contains("huge.qcow2") || said.contains("table"), said);
    assertFalse(guest.state().active());
  }

  /** A newer QEMU is given a raw image's file and no driver of a format above it. */
  private static boolean isRaw(String blocks) {
    return blocks.contains("(raw)") || blocks.contains("(file)");
  }

  /** Whatever a file or a guest is called, it is that very file (see the step 'verify image'). */
  @Test
  void noNameIsReadAsAnythingElse() throws IOException {
    for (String name :
        List.of(
            "a,readonly=on,file=b.img",
            "() { :;}; echo vulnerable",
            "json:{\"driver\":\"null-co\"}",
            "nbd:localhost:10809",
            "$(reboot);`reboot`",
            "quote\"'backslash\\n",
            "-snapshot",
            "fat:rw:x",
            "%s%n",
            "ünï çødé")) {
      Path image = guests.copy("names/" + name);
      Guest guest = guests.define(name, image);
      guest.start(StartOptions.DEFAULT);
      assertTrue(isRaw(guest.monitor().humanCommand("info block")), name);
      guest.destroy(false);
      assertEquals(0, Files.getAttribute(image, "unix:uid"), name);
    }
  }

  /** A password is in no command line, environment, log or record. */
  @Test
  void noSecretIsSeenFromOutside() throws IOException {
    String secret = "s3cr3t!7";
    Guest guest =
        guests.define(
            "vnc",
            IsolatedGuests.disk("raw", guests.copy("vnc.img"))
                + "<graphics type='vnc' autoport='yes' listen='127.0.0.1' passwd='"
                + secret
                + "'/>",
            "");
    guest.start(StartOptions.DEFAULT);
    Path process = Path.of("/proc/" + guest.pid().orElseThrow());
    for (Path open :
        List.of(
            process.resolve("cmdline"),
            process.resolve("environ"),
            guests.root().resolve("log/vnc.log"),
            guests.root().resolve("run/runs/" + guest.uuid() + ".json"))) {
      assertTrue(Files.exists(open), "no " + open);
      String text = Files.readString(open, StandardCharsets.ISO_8859_1);
      assertFalse(text.contains(secret), open + ": " + text);
    }
    try (var all = Files.walk(guests.root())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret)) {
          assertEquals("rw-------", mode(file), file.toString());
        }
      }
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void whatLiesOfAGuestIsItsAlone() throws IOException {
    Guest guest = guests.define("own", guests.copy("own.img"));
    guest.start(StartOptions.DEFAULT);
    for (String name :
        List.of(
            "run/guests/" + guest.uuid(),
            "run/leases",
            "run/runs",
            "run/runs/" + guest.uuid() + ".json",
            "run/runs/" + guest.uuid() + ".xml",
            "log/own.log")) {
      Path file = guests.root().resolve(name);
      assertTrue(mode(file).endsWith("------"), name + " " + mode(file));
    }
  }
}
