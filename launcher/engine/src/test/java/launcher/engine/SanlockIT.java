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

  /** Joining a lockspace takes seconds on each host: both at once. */
  private void join() throws Exception {
    Path mine = Files.copy(disk, root.resolve("mine.img"));
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(() ->
            one.define("join", IsolatedGuests.disk("file", "raw", mine, "<shareable/>"))
                .start(StartOptions.DEFAULT));
    two.define("join", IsolatedGuests.disk("file", "raw", mine, "<shareable/>"))
        .start(StartOptions.DEFAULT);
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
        // sanlock tells nobody when the lease of a host that is gone has run out: it is tried anew
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  @Test
  void anotherHostIsRefusedAtOnceAndToldWhoHasTheDisk() throws Exception {
    join(); // and so a shareable disk runs on both
    Guest web1 = one.define("web1", IsolatedGuests.disk("raw", disk));
    Guest web2 = two.define("web2", IsolatedGuests.disk("raw", disk));
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
                () ->
                    one.define("web3", IsolatedGuests.disk("raw", disk))
                        .start(StartOptions.DEFAULT))
            .getMessage()
            .endsWith("of host 'host2'"));
  }

  private static String refusal(Guest guest) {
    return String.valueOf(
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT)).getMessage());
  }

  private static String held(Path image, Guest by) {
    return "Failed at step 'lease disk' starting guest 'web2': '"
        + image
        + "' is held by guest '"
        + by.name()
        + "' (pid "
        + by.pid().orElseThrow()
        + ") of host 'host1'";
  }

  @Test
  void aPluggedInDiskIsLeasedAmongHostsUntilItIsUnplugged() throws Exception {
    join();
    Path data = Files.copy(disk, root.resolve("data.img"));
    String plugged =
        IsolatedGuests.disk("raw", data).replace("'vda' bus='virtio'", "'sda' bus='usb'");
    Guest web1 = one.engine().guests().get("join");
    Guest web2 = two.define("web2", IsolatedGuests.disk("raw", data));
    web1.devices().attach(plugged);
    assertEquals(held(data, web1), refusal(web2));
    one.reopen();
    web1 = one.engine().guests().get("join");
    assertEquals(held(data, web1), refusal(web2), "held by the guest itself");
    web1.devices().detach("<disk><target dev='sda'/></disk>");
    web2.start(StartOptions.DEFAULT);
    Guest late = web1;
    String said =
        String.valueOf(
            assertThrows(EngineException.class, () -> late.devices().attach(plugged)).getMessage());
    assertEquals(
        "Failed at step 'lease disk' of guest 'join': '"
            + data
            + "' is held by guest 'web2' (pid "
            + web2.pid().orElseThrow()
            + ") of host 'host2'",
        said);
    web2.destroy(false);
    web1.devices().attach(plugged);
    assertEquals(held(data, web1), refusal(web2), "again");
  }

  /** A lease of the administrator's own, at a place in a file, in a lockspace both have joined. */
  @Test
  void aLeaseWithATargetIsTakenThere() throws Exception {
    Path space = Files.write(root.resolve("space"), new byte[1 << 20]);
    Path leases = Files.write(root.resolve("leases"), new byte[2 << 20]);
    one.sanlock("direct", "init", "-s", "own:0:" + space + ":0", "-o", "1");
    one.sanlock("direct", "init", "-r", "own:first:" + leases + ":0");
    one.sanlock("direct", "init", "-r", "own:second:" + leases + ":1048576");
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () -> one.sanlock("client", "add_lockspace", "-s", "own:1:" + space + ":0", "-o", "1"));
    two.sanlock("client", "add_lockspace", "-s", "own:2:" + space + ":0", "-o", "1");
    first.get();
    String second =
        "<lease><lockspace>own</lockspace><key>second</key><target path='"
            + leases
            + "' offset='1048576'/></lease>";
    String other = second.replace("second", "first").replace(" offset='1048576'", "");
    Guest web1 = one.define("web1", second);
    Guest web2 = two.define("web2", second);
    Guest web3 = two.define("web3", other);
    web1.start(StartOptions.DEFAULT);
    String said = refusal(web2);
    assertTrue(said.contains("'lease disk' starting guest 'web2': 'second' is held by"), said);
    web3.start(StartOptions.DEFAULT);
    said =
        String.valueOf(
            assertThrows(EngineException.class, () -> web1.devices().attach(other)).getMessage());
    assertTrue(said.contains("'first' is held by"), said);
    web3.destroy(false);
    web1.devices().attach(other);
    said = refusal(web3);
    assertTrue(said.contains("'first' is held by"), said);
    web1.devices().detach(other);
    web3.start(StartOptions.DEFAULT);
    web1.destroy(false);
    startWithin(web2, Duration.ofMinutes(1));
  }

  @Test
  void whatSanlockDoesNotDoWhenALeaseIsLostIsRefused() {
    for (String word : List.of("restart", "pause", "ignore")) {
      Guest odd =
          one.engine()
              .guests()
              .define(
                  "<domain type='qemu'><name>odd</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><on_lockfailure>"
                      + word
                      + "</on_lockfailure><devices/></domain>",
                  DefineOptions.STRICT)
              .guest();
      assertEquals(
          "guest 'odd' says <on_lockfailure>"
              + word
              + "</on_lockfailure>, but sanlock ends a guest that has lost its lease: say poweroff, or nothing",
          refusal(odd));
    }
  }

  @Test
  void aDaemonThatIsNotThereIsSaidAndNothingIsLeft() throws Exception {
    one.die();
    Guest web1 = one.define("web1", IsolatedGuests.disk("raw", disk));
    String said =
        assertThrows(EngineException.class, () -> web1.start(StartOptions.DEFAULT)).getMessage();
    assertTrue(said.contains("sanlock"), said);
    assertFalse(web1.state().active());
  }

  /** A minute and more of it is sanlock's allowance for a watchdog of the dead host. */
  @Test
  void theDiskOfADeadHostIsTakenOver() throws Exception {
    join();
    one.define("web1", IsolatedGuests.disk("raw", disk)).start(StartOptions.DEFAULT);
    one.die();
    Guest web2 = two.define("web2", IsolatedGuests.disk("raw", disk));
    assertThrows(EngineException.class, () -> web2.start(StartOptions.DEFAULT), "not at once");
    one.engine().guests().get("web1").destroy(false);
    startWithin(web2, TAKEOVER);
  }
}
