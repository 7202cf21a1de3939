package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import launcher.engine.bus.SystemBus;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each step of a start fails once, for a real cause: it is named, and nothing is left. */
@ExtendWith(InOwnNetwork.class)
final class NetworkFailuresIT {
  /** Takes every step there is. */
  private static final String OUT =
      """
      <network>
        <name>out</name>
        <forward mode='nat'/>
        <bridge name='out0' stp='off'/>
        <bandwidth><inbound average='9000'/><outbound average='9000'/></bandwidth>
        <ip address='10.78.0.1' prefix='24'>
          <dhcp><range start='10.78.0.100' end='10.78.0.199'/></dhcp>
        </ip>
        <ip family='ipv6' address='fd00:78::1' prefix='64'/>
        <route address='10.79.0.0' prefix='16' gateway='10.78.0.2'/>
      </network>
      """;

  private Path root = Path.of("/");

  @BeforeEach
  void folder() throws IOException {
    Host.need("dnsmasq", "ip", "nft", "tc");
    root = Files.createTempDirectory("networks-");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Networks open(Spawner spawner) {
    return Networks.open(
        NetworkFolders.of(Folders.under(root)),
        spawner,
        new SystemBus("unix:path=" + root.resolve("no-bus")));
  }

  /** What the start of a network says when it fails. */
  private String failure(String text) {
    try (Networks networks = open(new RealSpawner())) {
      networks.define("out.xml", text);
      EngineException failure =
          assertThrows(EngineException.class, () -> networks.start("out"), "it started");
      assertFalse(networks.info("out").active());
      return String.valueOf(failure.getMessage());
    }
  }

  private void assertNothingLeft(String... foreign) {
    List<String> links =
        Host.run("ip", "-br", "link").lines().map(line -> line.split("[ @]")[0]).sorted().toList();
    List<String> expected = new ArrayList<>(List.of(foreign));
    expected.add("lo");
    assertEquals(expected.stream().sorted().toList(), links);
    assertEquals("", Host.run("nft", "list", "ruleset"));
    assertEquals("0", Host.read("/proc/sys/net/ipv4/ip_forward"));
    assertEquals("0", Host.read("/proc/sys/net/ipv6/conf/all/forwarding"));
    assertFalse(Files.exists(root.resolve("run/networks/out.xml")));
    assertFalse(Files.exists(root.resolve("run/networks/out.dnsmasq.pid")));
    assertFalse(Files.exists(root.resolve("lib/dnsmasq/out.conf")));
    assertFalse(Host.run("ps", "-e", "-o", "args").contains("lib/dnsmasq/out.conf"));
  }

  private static void pair(String... addresses) {
    Host.run("ip", "link", "add", "eth7", "type", "veth", "peer", "name", "eth8");
    Host.run("ip", "link", "set", "eth8", "up");
    Host.run("ip", "link", "set", "eth7", "up");
    for (String address : addresses) {
      Host.run("ip", "address", "add", address, "dev", "eth7");
    }
  }

  @Test
  void whatIsInUseIsRefusedAndNamed() {
    pair("10.79.0.1/16");
    assertEquals(
        "Failed at step 'check routes' starting network 'out': network '10.79.0.0/16' is in use"
            + " already by interface 'eth7': choose other addresses, or free it",
        failure(OUT));
    assertNothingLeft("eth7", "eth8");
    Host.run("ip", "address", "delete", "10.79.0.1/16", "dev", "eth7");
    Host.run("ip", "-6", "route", "add", "default", "via", "fe80::1", "dev", "eth7", "proto", "ra");
    assertEquals(
        "Failed at step 'forward packets' starting network 'out': forwarding IPv6 would take the"
            + " default route of 'eth7' away, which came by router advertisement: set"
            + " net.ipv6.conf.eth7.accept_ra to 2 first",
        failure(OUT));
    assertNothingLeft("eth7", "eth8");
    Host.run("ip", "link", "delete", "eth7");
    Host.run("ip", "link", "add", "out0", "type", "bridge");
    assertEquals(
        "Failed at step 'create bridge' starting network 'out': interface 'out0' is there already:"
            + " remove it, or name another bridge",
        failure(OUT));
    assertNothingLeft("out0");
    Host.run("ip", "link", "delete", "out0");
    Host.run("ip", "link", "add", "ifb-out0", "type", "bridge");
    String message = failure(OUT);
    assertTrue(
        message.startsWith("Failed at step 'limit bandwidth' starting network 'out': "), message);
    assertTrue(message.contains("File exists"), message);
    assertNothingLeft("ifb-out0");
  }

  @Test
  void whatCannotBeIsTakenBack() {
    // it would be /proc/sys/net/ipv4/conf/all
    String message = failure(OUT.replace("out0", "all"));
    assertTrue(
        message.startsWith("Failed at step 'create bridge' starting network 'out': "), message);
    assertNothingLeft();
    assertEquals(
        "Failed at step 'set firewall' starting network 'out': zone 'work' is asked for but"
            + " firewalld does not run: start it, or leave the zone out",
        failure(OUT.replace("stp='off'", "zone='work'")));
    assertNothingLeft();
    String route = "<route address='10.79.0.0' prefix='16' gateway='10.78.0.2'/>";
    message = failure(OUT.replace(route, route + route));
    assertTrue(message.startsWith("Failed at step 'add routes' starting network 'out': "), message);
    assertTrue(message.contains("File exists"), message);
    assertNothingLeft();
    assertEquals(
        "Failed at step 'find interface' starting network 'out': the host has no interface 'eth9'",
        failure(
            "<network><name>out</name><forward mode='private'><interface dev='eth9'/></forward>"
                + "</network>"));
    assertNothingLeft();
  }

  @Test
  void whatTheKernelRefusesIsTakenBack() throws IOException {
    // IPv6 is not for links with packets this small (RFC 8200, 5)
    String message = failure(OUT.replace("<bandwidth>", "<mtu size='1000'/><bandwidth>"));
    assertTrue(
        message.startsWith("Failed at step 'add addresses' starting network 'out': "), message);
    assertNothingLeft();
    Path ports = Files.createDirectories(root.resolve("run/networks/out0.ports"));
    message = failure(OUT);
    assertTrue(message.startsWith("Failed at step 'raise link' starting network 'out': "), message);
    assertTrue(message.contains(ports.toString()), message);
    Files.delete(ports);
    assertNothingLeft();
    // as in many containers
    Host.run("mount", "--bind", "/proc/sys", "/proc/sys");
    Host.run("mount", "-o", "remount,bind,ro", "/proc/sys");
    message = failure(OUT);
    assertTrue(message.startsWith("Failed at step 'set kernel' starting network 'out': "), message);
    assertTrue(message.contains("Read-only file system"), message);
    assertNothingLeft();
    Host.run("umount", "/proc/sys");
  }

  @Test
  void aDomainIsNotRegisteredWithNobody() {
    String message =
        failure(OUT.replace("<bandwidth>", "<domain name='o.example' register='yes'/><bandwidth>"));
    assertTrue(
        message.startsWith(
            "Failed at step 'register domain' starting network 'out': domain 'o.example' is to be"
                + " registered with systemd-resolved, which does not take it ("),
        message);
    assertNothingLeft();
  }

  @Test
  void somebodyServesNamesOnEveryAddress() throws IOException {
    Process other =
        new ProcessBuilder("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (!Host.run("ss", "-Hltn").contains(":53 ")) {
        assertTrue(other.isAlive(), "the other server does not run");
      }
      String message = failure(OUT);
      assertTrue(
          message.startsWith("Failed at step 'start dnsmasq' starting network 'out': "), message);
      assertTrue(message.contains("Address already in use"), message);
      assertNothingLeft();
    } finally {
      other.destroy();
    }
  }

  /** The daemon is killed in the middle: an error that nobody catches stands for the signal. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Lets some programs run, and no more. */
  private record Mortal(Spawner real, AtomicInteger left) implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      if (left.getAndDecrement() <= 0) {
        throw new Killed();
      }
      return real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return real.hold(command);
    }
  }

  @Test
  void aDaemonKilledAtAnyMomentLeavesNothingThatTheNextDoesNotCleanUp() {
    int programs = 0;
    boolean started = false;
    while (!started) {
      try (Networks doomed = open(new Mortal(new RealSpawner(), new AtomicInteger(programs)))) {
        doomed.define("out.xml", OUT);
        doomed.start("out");
        started = true;
      } catch (Killed killed) {
        programs++;
      }
      try (Networks next = open(new RealSpawner())) {
        // killed when only looking for other people's rules was left to do
        started |= next.info("out").active();
        if (started) {
          next.destroy("out");
        }
      }
      assertNothingLeft();
    }
    assertTrue(programs > 8, "only " + programs + " programs were run");
  }
}
