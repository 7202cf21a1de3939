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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import launcher.spawn.Accounts;
import launcher.spawn.Bytes;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.StandardInput;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real QEMU guests, and what they cannot do. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class IsolationIT {
  @TempDir private Path root;
  private Path disk = Path.of("/");
  private Engine engine;

  @BeforeEach
  void openEngine() throws IOException {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    disk = BootSector.disk(root);
    engine = Engine.open(Folders.under(root), new RealSpawner());
  }

  @AfterEach
  void endGuests() {
    EngineOfTest.close(engine);
  }

  private void reopen(String settings) throws IOException {
    engine.close();
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/isolation.conf"), settings);
    engine = Engine.open(Folders.under(root), new RealSpawner());
  }

  private Guest guest(String name, Path image, String more) {
    String xml =
        "<domain type='qemu'><name>"
            + name
            + "</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            + "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
            + image
            + "'/><target dev='vda' bus='virtio'/></disk>"
            + "<serial type='pty'/><video><model type='none'/></video></devices>"
            + more
            + "</domain>";
    return engine.guests().define(xml, DefineOptions.STRICT).guest();
  }

  private Path copy(String name) throws IOException {
    return Files.copy(disk, root.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static int pid(Guest guest) {
    return guest.pid().orElseThrow();
  }

  private static String status(int pid, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  @Test
  void aGuestHasNoCapabilityAndNoWayToOne() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    Guest web1 = guest("web1", copy("web1.img"), "");
    web1.start(StartOptions.DEFAULT);
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      assertEquals("0000000000000000", status(pid(web1), set), set);
    }
    assertEquals("1", status(pid(web1), "NoNewPrivs"));
    assertEquals("2", status(pid(web1), "Seccomp"), "QEMU's own filter");
  }

  @Test
  void aGuestRunsAsTheUserOfTheSettingsAndItsFilesComeBack() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    reopen("# who guests are\nuser = libvirt-qemu\n");
    Path image = copy("web1.img");
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-------"));
    Guest web1 = guest("web1", image, "");
    web1.start(StartOptions.DEFAULT);
    String uid = Long.toString(Accounts.user("libvirt-qemu").orElseThrow());
    assertEquals(String.join("\t", uid, uid, uid, uid), status(pid(web1), "Uid"));
    assertEquals(uid, Files.getAttribute(image, "unix:uid").toString());
    web1.destroy(false);
    assertEquals(0, Files.getAttribute(image, "unix:uid"));
  }

  @Test
  void aSecondGuestOnOneDiskIsRefusedByName() throws IOException {
    Path image = copy("shared.img");
    Path link = Files.createSymbolicLink(root.resolve("other-name.img"), image);
    Guest web1 = guest("web1", image, "");
    Guest web2 = guest("web2", link, "");
    web1.start(StartOptions.DEFAULT);
    EngineException refused =
        assertThrows(EngineException.class, () -> web2.start(StartOptions.DEFAULT));
    assertEquals(
        "Failed at step 'lease disk' starting guest 'web2': '"
            + link
            + "' is held by guest 'web1' (pid "
            + pid(web1)
            + ")",
        refused.getMessage());
    assertFalse(web2.state().active());
    web1.suspend();
    assertThrows(
        EngineException.class, () -> web2.start(StartOptions.DEFAULT), "held while paused");
    web1.destroy(false);
    web2.start(StartOptions.DEFAULT);
    assertTrue(web2.state().active());
  }

  @Test
  void aLeaseOutlivesTheEngineAndDiesWithTheGuest() throws Exception {
    Path image = copy("disk.img");
    Guest web1 = guest("web1", image, "");
    guest("web2", image, "");
    web1.start(StartOptions.DEFAULT);
    int pid = pid(web1);
    engine.close();
    engine = Engine.open(Folders.under(root), new RealSpawner());
    Guest second = engine.guests().find("web2").orElseThrow();
    assertThrows(EngineException.class, () -> second.start(StartOptions.DEFAULT));
    var gone = ProcessHandle.of(pid).orElseThrow().onExit();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    gone.get();
    second.start(StartOptions.DEFAULT);
    assertTrue(second.state().active());
  }

  @Test
  void oneOfFiftyStartersOfOneDiskWinsAndTheOthersAreToldWho() throws Exception {
    Path image = copy("race.img");
    List<Guest> racers = new ArrayList<>();
    for (int number = 0; number < 50; number++) {
      racers.add(guest("racer" + number, image, ""));
    }
    List<Guest> winners = new CopyOnWriteArrayList<>();
    List<String> refusals = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Guest racer : racers) {
        threads.execute(() -> {
          try {
            racer.start(StartOptions.DEFAULT);
            winners.add(racer);
          } catch (EngineException lost) {
            refusals.add(String.valueOf(lost.getMessage()));
          }
        });
      }
    }
    assertEquals(1, winners.size());
    assertEquals(49, refusals.size());
    Guest winner = winners.getFirst();
    String held =
        "'" + image + "' is held by guest '" + winner.name() + "' (pid " + pid(winner) + ")";
    for (String refusal : refusals) {
      assertTrue(refusal.startsWith("Failed at step 'lease disk' starting guest 'racer"), refusal);
      assertTrue(refusal.endsWith(held), refusal);
    }
  }

  /**
   * Asks the guest's own process: its rules travel to its children, so the same rules are tried
   * with another program.
   */
  @Test
  void aGuestReachesNoForeignFile() throws IOException {
    assumeTrue(Calls.landlockVersion() > 0, "needs a kernel with Landlock");
    Path foreign = Files.writeString(root.resolve("foreign.img"), "another guest's secret");
    Path own = copy("own.img");
    Files.createDirectory(root.resolve("other"));
    Guest web1 = guest("web1", own, "");
    CommandSpec qemu = web1.plan().command();
    assertTrue(qemu.confinement().landlock() != null, "Landlock is on");
    assertEquals("ok", read(qemu, own));
    assertTrue(read(qemu, foreign).contains("Permission denied"));
    assertTrue(read(qemu, root.resolve("other/../foreign.img")).contains("Permission denied"));
    assertTrue(read(qemu, Path.of("/etc/shadow")).contains("Permission denied"));
  }

  /**
   * QEMU itself, confined as the guest would be, is told to open the file and does nothing else.
   */
  private static String read(CommandSpec guest, Path file) {
    CommandSpec command =
        CommandSpec.of(guest.program())
            .add("-M", "none", "-display", "none", "-monitor", "stdio", "-nodefaults", "-S")
            .add("-blockdev", "driver=file,read-only=on,node-name=f,filename=" + file)
            .environment(Environment.empty())
            .confinement(guest.confinement())
            .input(new StandardInput.Fed(Bytes.of("quit\n".getBytes(StandardCharsets.UTF_8))))
            .capture()
            .build();
    Completed completed = new RealSpawner().run(command, Duration.ofMinutes(1));
    return completed.status().success() ? "ok" : completed.error().text();
  }

  @Test
  void landlockCanBeSwitchedOffForOneGuest() throws IOException {
    Guest open = guest("open", copy("open.img"), "<seclabel type='none' model='landlock'/>");
    assertTrue(open.plan().command().confinement().landlock() == null);
  }
}
