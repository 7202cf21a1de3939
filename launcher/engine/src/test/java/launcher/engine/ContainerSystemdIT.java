package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import launcher.engine.GuestState.Phase;
import launcher.engine.network.InOwnNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers with systemd, on a network of ours, alone and among many. */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class ContainerSystemdIT {
  private static final String MAPPED =
      "<idmap><uid start='0' target='100000' count='65536'/>"
          + "<gid start='0' target='100000' count='65536'/></idmap>";
  private static final String ON_LAB =
      "<interface type='network'><source network='lab'/></interface>";
  private static final int MANY = 20;
  private static final int PAUSE_MILLIS = 20;

  private Containers containers;

  @BeforeEach
  void open() throws IOException {
    DebianRoot.assumePossible();
    containers = Containers.onOwnHost();
    containers
        .engine
        .networks()
        .define(
            "lab.xml",
            "<network><name>lab</name><bridge name='lab0'/><ip address='10.66.0.1' prefix='24'>"
                + "<dhcp><range start='10.66.0.50' end='10.66.0.150'/></dhcp></ip></network>");
    containers.engine.networks().start("lab");
  }

  @AfterEach
  void close() {
    for (Guest guest : containers.engine.guests().list()) {
      if (guest.state().active()) {
        guest.destroy(false);
      }
    }
    containers.engine.networks().destroy("lab");
    containers.close();
  }

  private Guest debian(String name, int owner) throws IOException {
    String unique = Containers.unique(name);
    Path root = DebianRoot.make(containers, unique, owner);
    return containers.define(DebianRoot.xml(unique, root, owner == 0 ? "" : MAPPED, ON_LAB));
  }

  /** The address that systemd-networkd has got from our dnsmasq. */
  private static String address(Guest guest) throws IOException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    String shown = "";
    while (!shown.contains("inet 10.66.0.")) {
      assertTrue(System.nanoTime() < deadline, "no address: " + shown);
      LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
      shown = Containers.inside(guest, "ip", "-4", "addr", "show", "dev", "eth0");
    }
    return shown.replaceFirst("(?s).*inet (10\\.66\\.0\\.[0-9]+).*", "$1");
  }

  @Test
  void bootsRebootsAndShutsDown() throws IOException, InterruptedException {
    Guest guest = Containers.start(debian("debian", 0));
    DebianRoot.booted(guest);
    assertEquals("active", DebianRoot.systemctl(guest, "is-active", "multi-user.target"));
    Containers.run("busybox", "ping", "-c", "1", "-W", "20", address(guest));
    // systemd has moved itself into a group of its own: the whole container is meant all the same
    guest.suspend();
    assertEquals(Phase.PAUSED, guest.state().phase());
    guest.resume();
    assertTrue(guest.usage().usedMemory().orElse(0) > 1024);
    int before = Containers.init(guest);
    guest.reboot(ShutdownMode.ANY);
    containers.await("reboot");
    assertTrue(before != Containers.init(guest));
    DebianRoot.booted(guest);
    guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(100)));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    containers.assertNothingLeft(guest);
  }

  @Test
  void runsWithMappedIds() throws IOException {
    Guest guest = Containers.start(debian("mapped", 100_000));
    DebianRoot.booted(guest);
    assertEquals("active", DebianRoot.systemctl(guest, "is-active", "multi-user.target"));
    assertTrue(Containers.status(guest, "Uid").startsWith("100000\t"));
    Containers.run("busybox", "ping", "-c", "1", "-W", "20", address(guest));
    guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(100)));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    containers.assertNothingLeft(guest);
  }

  /** With systemd and with busybox, privileged and mapped, all on one network of ours. */
  @Test
  void twentyOfAllKindsRunAtOnce() throws IOException {
    Path mapped = BusyboxRoot.make(Files.createDirectory(containers.folder.resolve("mapped")));
    BusyboxRoot.own(mapped, 100_000);
    List<Guest> debians = List.of(debian("deb0", 0), debian("deb1", 0), debian("deb2", 100_000));
    List<Guest> guests = new ArrayList<>(debians);
    for (int i = debians.size(); i < MANY; i++) {
      String name = Containers.unique("many" + i);
      guests.add(
          containers.define(
              i % 2 == 0
                  ? BusyboxRoot.xml(name, containers.root, "", ON_LAB)
                  : BusyboxRoot.xml(name, mapped, MAPPED, ON_LAB)));
    }
    guests.parallelStream().forEach(Containers::start);
    for (Guest guest : debians) {
      DebianRoot.booted(guest);
      Containers.run("busybox", "ping", "-c", "1", "-W", "20", address(guest));
    }
    IntStream.range(debians.size(), MANY)
        .forEach(i ->
            assertTrue(
                Containers.inside(guests.get(i), "ip", "link").contains("eth0"),
                guests.get(i).name()));
    guests.forEach(guest -> assertEquals(Phase.RUNNING, guest.state().phase()));
    guests.parallelStream()
        .forEach(guest -> guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(150))));
    for (Guest guest : guests) {
      assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state(), guest.name());
      containers.assertNothingLeft(guest);
    }
  }
}
