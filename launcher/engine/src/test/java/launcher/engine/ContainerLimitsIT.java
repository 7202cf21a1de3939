package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import launcher.engine.network.InOwnNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a container may use of its host, in its control groups and in its definition. */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class ContainerLimitsIT {
  private static final Scope LIVE = new Scope(true, false);
  private static final Scope CONFIG = new Scope(false, true);

  private Containers containers;

  @BeforeEach
  void open() throws IOException {
    containers = Containers.onOwnHost();
  }

  @AfterEach
  void close() {
    containers.close();
  }

  @Test
  void limitsStandInTheControlGroupAndChangeWhileItRuns() throws IOException {
    Guest guest =
        containers.started(
            "limits",
            "<memtune><soft_limit unit='MiB'>32</soft_limit></memtune>"
                + "<vcpu cpuset='0'>1</vcpu>"
                + "<cputune><shares>512</shares><period>50000</period><quota>25000</quota></cputune>"
                + "<numatune><memory mode='strict' nodeset='0'/></numatune>",
            "");
    assertEquals("67108864", Containers.limit(guest, "memory", "memory.limit_in_bytes"));
    assertEquals("33554432", Containers.limit(guest, "memory", "memory.soft_limit_in_bytes"));
    assertEquals("0", Containers.limit(guest, "cpuset", "cpuset.cpus"));
    assertEquals("0", Containers.limit(guest, "cpuset", "cpuset.mems"));
    assertEquals("512", Containers.limit(guest, "cpu", "cpu.shares"));
    assertEquals("25000", Containers.limit(guest, "cpu", "cpu.cfs_quota_us"));
    assertEquals(65_536L, guest.limits().all().get(GuestLimit.HARD_LIMIT));
    guest.limits().memory(40_960);
    assertEquals("41943040", Containers.limit(guest, "memory", "memory.limit_in_bytes"));
    assertEquals("40960", guest.tree(XmlView.LIVE).value("currentMemory", ""));
    assertThrows(EngineException.class, () -> guest.limits().memory(1 << 20));
    guest.limits().set(Map.of(GuestLimit.CPU_SHARES, 100L, GuestLimit.VCPU_QUOTA, -1L), LIVE);
    assertEquals("100", Containers.limit(guest, "cpu", "cpu.shares"));
    assertEquals("-1", Containers.limit(guest, "cpu", "cpu.cfs_quota_us"));
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> guest.limits().set(Map.of(GuestLimit.VCPU_QUOTA, 5L), LIVE));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("'vcpu_quota' cannot be 5"),
        refused.getMessage());
    assertEquals(512L, guest.limits().defined().get(GuestLimit.CPU_SHARES), "the definition stays");
    assertTrue(guest.usage().processorTime().orElse(0) > 0);
    assertTrue(guest.usage().usedMemory().orElse(0) > 0);
    assertTrue(guest.usage().memory().containsKey("rss"));
    assertTrue(guest.statistics().containsKey("cpu.user"));
    assertTrue(((Number) guest.statistics().getOrDefault("balloon.rss", 0)).longValue() > 0);
  }

  @Test
  void limitsOfTheDefinitionKeepItsTextAndCountFromTheNextStart() throws IOException {
    Guest guest =
        containers.define("later", "<!-- mine --><cputune><shares>512</shares></cputune>", "");
    guest.limits().set(Map.of(GuestLimit.HARD_LIMIT, 40_960L, GuestLimit.CPU_SHARES, 300L), CONFIG);
    String written = guest.xml(XmlView.AS_WRITTEN);
    assertTrue(written.contains("<!-- mine --><cputune><shares>300</shares></cputune>"), written);
    assertEquals(40_960L, guest.limits().defined().get(GuestLimit.HARD_LIMIT));
    assertThrows(EngineException.class, () -> guest.limits().all());
    assertThrows(
        EngineException.class, () -> guest.limits().set(Map.of(GuestLimit.CPU_SHARES, 300L), LIVE));
    Containers.start(guest);
    assertEquals("41943040", Containers.limit(guest, "memory", "memory.limit_in_bytes"));
    assertEquals("300", Containers.limit(guest, "cpu", "cpu.shares"));
    guest.limits().set(Map.of(GuestLimit.HARD_LIMIT, -1L, GuestLimit.CPU_SHARES, 200L), CONFIG);
    assertEquals("300", Containers.limit(guest, "cpu", "cpu.shares"), "it runs as it began");
    assertEquals(-1L, guest.limits().defined().get(GuestLimit.HARD_LIMIT));
    String before = guest.xml(XmlView.AS_WRITTEN);
    assertThrows(
        EngineException.class,
        () ->
            guest
                .limits()
                .set(
                    Map.of(GuestLimit.CPU_SHARES, 100L, GuestLimit.VCPU_QUOTA, 5L),
                    new Scope(true, true)));
    assertEquals(before, guest.xml(XmlView.AS_WRITTEN), "a refusal changes no definition");
  }

  @Test
  void disksAreSharedAndSlowedAsTheDefinitionSays() throws IOException {
    String loop =
        Containers.run("losetup", "--find", "--show", containers.image("slow", "x").toString());
    try {
      Guest guest =
          containers.started(
              "disks",
              "<blkiotune><weight>300</weight><device><path>"
                  + loop
                  + "</path><read_bytes_sec>1048576</read_bytes_sec>"
                  + "<write_iops_sec>50</write_iops_sec></device></blkiotune>",
              "");
      String numbers = Containers.run("lsblk", "-ndo", "MAJ:MIN", loop).strip();
      assertEquals(
          numbers + " 1048576", Containers.limit(guest, "blkio", "blkio.throttle.read_bps_device"));
      assertEquals(
          numbers + " 50", Containers.limit(guest, "blkio", "blkio.throttle.write_iops_device"));
      assertEquals(300L, guest.limits().all().get(GuestLimit.WEIGHT));
    } finally {
      Containers.run("losetup", "--detach", loop);
    }
  }
}
