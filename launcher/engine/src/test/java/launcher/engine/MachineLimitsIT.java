package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import launcher.spawn.Accounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a QEMU guest may use of its host, in control groups of its own of version 1. */
@SuppressWarnings("NullAway.Init") // opened before each test
final class MachineLimitsIT {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final Scope LIVE = new Scope(true, false);
  private static final long PATIENCE_SECONDS = 120;

  private static final String XML =
      """
      <domain type='qemu'><name>limited</name><memory unit='MiB'>16</memory>
      <vcpu current='2'>4</vcpu>TUNE
      <os><type arch='x86_64' machine='pc'>hvm</type></os>
      <devices><disk type='file'><source file='DISK'/><target dev='vda' bus='virtio'/></disk>
      <memballoon model='none'/></devices></domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;

  @BeforeEach
  void open() {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    for (String controller : List.of("memory", "cpu", "blkio")) {
      assumeTrue(
          Files.isWritable(GROUPS.resolve(controller).resolve("cgroup.procs")),
          "needs control groups of version 1 with " + controller);
    }
    engine = new EngineOfTest(root);
  }

  @AfterEach
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  /** One whose processor never rests. */
  private Guest started(String tune) throws IOException {
    byte[] sector = new byte[1 << 20];
    sector[0] = (byte) 0xEB; // jmp to itself
    sector[1] = (byte) 0xFE;
    sector[510] = 0x55;
    sector[511] = (byte) 0xAA;
    Path disk = Files.write(root.resolve("busy.img"), sector);
    return engine.start(XML.replace("TUNE", tune).replace("DISK", disk.toString()));
  }

  private static Path group(Guest guest, String controller) {
    return GROUPS.resolve(controller).resolve("launcher").resolve(guest.uuid());
  }

  private static String limit(Guest guest, String controller, String file) throws IOException {
    return Files.readString(group(guest, controller).resolve(file)).strip();
  }

  private static void assertThrottled(Guest guest) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    // the kernel counts and tells nobody
    while (limit(guest, "cpu", "cpu.stat").contains("nr_throttled 0\n")) {
      assertTrue(System.nanoTime() < end, limit(guest, "cpu", "cpu.stat"));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void limitsOfTheDefinitionBind() throws IOException {
    Guest guest =
        started(
            "<memtune><hard_limit unit='MiB'>600</hard_limit><soft_limit unit='MiB'>500</soft_limit></memtune>"
                + "<cputune><shares>300</shares><period>50000</period><quota>5000</quota></cputune>");
    String pid = Integer.toString(guest.pid().orElseThrow());
    for (String controller : List.of("memory", "cpu")) {
      assertEquals(pid, limit(guest, controller, "cgroup.procs"), controller);
    }
    assertEquals(Long.toString(600L << 20), limit(guest, "memory", "memory.limit_in_bytes"));
    assertEquals(Long.toString(500L << 20), limit(guest, "memory", "memory.soft_limit_in_bytes"));
    assertEquals("300", limit(guest, "cpu", "cpu.shares"));
    assertEquals("50000", limit(guest, "cpu", "cpu.cfs_period_us"));
    assertEquals("10000", limit(guest, "cpu", "cpu.cfs_quota_us"), "of two processors");
    assertThrottled(guest);
    guest.changes().processors(3, LIVE);
    assertEquals("15000", limit(guest, "cpu", "cpu.cfs_quota_us"), "of three");
    assertEquals(5000L, guest.limits().all().get(GuestLimit.VCPU_QUOTA));
    // whoever ends it: the next engine takes the groups away
    engine.engine().close();
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
    engine.reopen();
    for (String controller : List.of("memory", "cpu")) {
      assertFalse(Files.exists(group(guest, controller)), controller);
    }
  }

  @Test
  void limitsComeAndGoWhileItRuns() throws IOException {
    Guest guest = started("");
    assertFalse(Files.exists(group(guest, "memory")));
    assertEquals(-1L, guest.limits().all().get(GuestLimit.HARD_LIMIT));
    guest.limits().set(Map.of(GuestLimit.HARD_LIMIT, 600L << 10), LIVE);
    assertEquals(Long.toString(600L << 20), limit(guest, "memory", "memory.limit_in_bytes"));
    assertEquals(600L << 10, guest.limits().all().get(GuestLimit.HARD_LIMIT));
    assertTrue(guest.xml(XmlView.LIVE).contains("<hard_limit unit='KiB'>614400</hard_limit>"));
    guest
        .limits()
        .set(Map.of(GuestLimit.VCPU_PERIOD, 50_000L, GuestLimit.VCPU_QUOTA, 5_000L), LIVE);
    assertThrottled(guest);
    guest.limits().set(Map.of(GuestLimit.HARD_LIMIT, -1L, GuestLimit.VCPU_QUOTA, -1L), LIVE);
    assertEquals("-1", limit(guest, "cpu", "cpu.cfs_quota_us"));
    assertEquals(-1L, guest.limits().all().get(GuestLimit.HARD_LIMIT));
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> guest.limits().set(Map.of(GuestLimit.CPU_SHARES, -5L), LIVE));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("'cpu_shares' cannot be -5"),
        refused.getMessage());
    assertFalse(guest.xml(XmlView.LIVE).contains("<shares>"));
    guest.destroy(false);
    for (String controller : List.of("memory", "cpu")) {
      assertFalse(Files.exists(group(guest, controller)), controller);
    }
  }
}
