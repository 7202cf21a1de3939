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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import launcher.spawn.Accounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real guests of two hosts that share storage: two daemons of sanlock, two engines. */
@SuppressWarnings("NullAway.Init") // the hosts are made before each test
final class SanlockIT {
  private static final Duration TAKEOVER = Duration.ofMinutes(5);

  @TempDir Path root;
  private Path disk;
  private SanlockHost one;
  private SanlockHost two;

  @BeforeEach
  void startHosts() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/sanlock")), "needs sanlock");
    Path shared = Files.createDirectory(root.resolve("shared"));
    disk = BootSector.disk(root);
    one = new SanlockHost(root, 1, shared);
    two = new SanlockHost(root, 2, shared);
  }

  @AfterEach
  void stopHosts() {
    one.close();
    two.close();
  }

  private static Guest guest(SanlockHost host, String name, String devices) {
    String xml =
        "<domain type='qemu'><name>"
            + name
            + "</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            + devices
            + "<video><model type='none'/></video></devices></domain>";
    return host.engine().guests().define(xml, DefineOptions.STRICT).guest();
  }

  private static String disk(Path image, String more) {
    return "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
        + image
        + "'/><target dev='vda' bus='virtio'/>"
        + more
        + "</disk>";
  }

  /** Joining a lockspace takes seconds on each host: both at once. */
  private void join() throws Exception {
    Path mine = Files.copy(disk, root.resolve("mine.img"));
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () -> guest(one, "join", disk(mine, "<shareable/>")).start(StartOptions.DEFAULT));
    guest(two, "join", disk(mine, "<shareable/>")).start(StartOptions.DEFAULT);
    first.get();
  }

  private static void startWithin(Guest guest, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        guest.start(StartOptions.DEFAULT);
        return;
      } catch (EngineException held) {
        assertTrue(held.getMessage().contains("'lease disk'"), held.getMessage());
        assertTrue(System.nanoTime() < deadline, held.getMessage());
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  @Test
  void anotherHostIsRefusedAtOnceAndToldWhoHasTheDisk() throws Exception {
    join(); // and so a shareable disk runs on both
    Guest web1 = guest(one, "web1", disk(disk, ""));
    Guest web2 = guest(two, "web2", disk(disk, ""));
    web1.start(StartOptions.DEFAULT);
    String held =
        "Failed at step 'lease disk' starting guest 'web2': '"
            + disk
            + "' is held by guest 'web1' (pid "
            + web1.pid().orElseThrow()
            + ") of host 'host1'";
    assertEquals(
        held,
        assertThrows(EngineException.class, () -> web2.start(StartOptions.DEFAULT)).getMessage());
    assertFalse(web2.state().active());
    web1.suspend();
    one.reopen();
    assertThrows(
        EngineException.class, () -> web2.start(StartOptions.DEFAULT), "held while paused");
    int pid = one.engine().guests().get("web1").pid().orElseThrow();
    ProcessHandle qemu = ProcessHandle.of(pid).orElseThrow();
    qemu.destroyForcibly();
    startWithin(web2, Duration.ofMinutes(1));
    assertTrue(
        assertThrows(
                EngineException.class,
                () -> guest(one, "web3", disk(disk, "")).start(StartOptions.DEFAULT))
            .getMessage()
            .endsWith("of host 'host2'"));
  }

  @Test
  void aDaemonThatIsNotThereIsSaidAndNothingIsLeft() throws Exception {
    one.die();
    Guest web1 = guest(one, "web1", disk(disk, ""));
    String said =
        assertThrows(EngineException.class, () -> web1.start(StartOptions.DEFAULT)).getMessage();
    assertTrue(said.contains("sanlock"), said);
    assertFalse(web1.state().active());
  }

  /** A minute and more of it is sanlock's allowance for a watchdog of the dead host. */
  @Test
  void theDiskOfADeadHostIsTakenOver() throws Exception {
    assumeTrue(
        Boolean.getBoolean("launcher.slow"), "takes more than a minute: -Dlauncher.slow=true");
    join();
    guest(one, "web1", disk(disk, "")).start(StartOptions.DEFAULT);
    one.die();
    Guest web2 = guest(two, "web2", disk(disk, ""));
    assertThrows(EngineException.class, () -> web2.start(StartOptions.DEFAULT), "not at once");
    one.engine().guests().get("web1").destroy(false);
    startWithin(web2, TAKEOVER);
  }
}
