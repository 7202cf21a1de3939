package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.LinkStep;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import launcher.engine.bus.SystemBus;
import launcher.engine.network.Host.Machine;
import launcher.engine.qmp.EventRelay;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlReader;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Networks with real bridges, a real dnsmasq and real packets. */
@ExtendWith(InOwnNetwork.class)
final class NetworkLifeIT {
  private static final String LAB =
      """
      <network>
        <name>lab</name>
        <bridge name='lab0' stp='off'/>
        <domain name='lab.example' localOnly='yes'/>
        <ip address='10.77.0.1' prefix='24'>
          <dhcp>
            <range start='10.77.0.100' end='10.77.0.199'/>
            <host mac='52:54:00:77:00:10' name='database' ip='10.77.0.10'/>
          </dhcp>
        </ip>
      </network>
      """;

  private static final String OUT =
      """
      <network>
        <name>out</name>
        <forward mode='nat'/>
        <bridge name='out0' stp='off'/>
        <ip address='10.78.0.1' prefix='24'>
          <dhcp><range start='10.78.0.100' end='10.78.0.199'/></dhcp>
        </ip>
        <ip family='ipv6' address='fd00:78::1' prefix='64'/>
      </network>
      """;

  private static final String HELLO = "http://203.0.113.9:7777/udhcpc.script";

  private Path root = Path.of("/");
  private Path script = Path.of("/");
  private Networks networks = null;

  @BeforeEach
  void open() throws IOException {
    Host.need("dnsmasq", "ip", "nft", "busybox", "curl", "ss");
    root = Files.createTempDirectory("networks-");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    script = Host.dhcpScript(root);
    networks = reopened();
  }

  private Networks reopened() {
    return Networks.open(
        NetworkFolders.of(Folders.under(root)),
        new RealSpawner(),
        new SystemBus("unix:path=" + root.resolve("no-bus")));
  }

  @AfterEach
  void close() {
    for (NetworkInfo network : networks.list()) {
      if (network.active()) {
        networks.destroy(network.name());
      }
    }
    networks.close();
  }

  private void start(String text) {
    networks.define("test.xml", text);
    String name = text.substring(text.indexOf("<name>") + 6, text.indexOf("</name>"));
    assertEquals(List.of(), networks.start(name));
  }

  @Test
  void machinesGetAddressesAndFindEachOtherByName() throws InterruptedException {
    start(LAB);
    Host.Events events = new Host.Events(networks);
    Machine database = Machine.on("lab0", "database", "52:54:00:77:00:10");
    Machine web = Machine.on("lab0", "web", "52:54:00:77:00:20");
    assertTrue(database.asksForAddress(script, "anything").contains("address=10.77.0.10 "));
    String said = web.asksForAddress(script, "web");
    assertTrue(said.contains("address=10.77.0.1"), said);
    assertFalse(said.contains("router=10"), "an isolated network has no router: " + said);
    assertTrue(
        web.inside("busybox", "nslookup", "database.lab.example", "10.77.0.1")
            .contains("10.77.0.10"));
    assertTrue(
        database
            .inside("busybox", "nslookup", "web.lab.example", "10.77.0.1")
            .contains("10.77.0.1"));
    events.await(
        e -> e.kind().equals("lease") && e.detail().contains("10.77.0.10/24 52:54:00:77:00:10"));
    List<Lease> leases = networks.leases("lab");
    assertEquals(2, leases.size());
    assertTrue(leases.stream().anyMatch(l -> l.hostname().equals("web")), leases.toString());
  }

  @Test
  void translationReachesAServerAndIsolationDoesNot() {
    start(LAB);
    start(OUT);
    Machine world =
        Machine.behind("world0", "world", List.of("203.0.113.1/24"), List.of("203.0.113.9/24"));
    Process server = world.serves(root, 7777);
    try {
      Machine inside = Machine.on("out0", "inside", "52:54:00:78:00:20");
      Machine alone = Machine.on("lab0", "alone", "52:54:00:77:00:20");
      inside.asksForAddress(script, "inside");
      alone.asksForAddress(script, "alone");
      alone.inside("ip", "route", "add", "default", "via", "10.77.0.1");
      assertTrue(inside.fetches(HELLO), "translated");
      assertFalse(alone.fetches(HELLO), "isolated");
      world.inside("ip", "route", "add", "10.78.0.0/24", "via", "203.0.113.1");
      assertNotEquals(
          0, world.tries("busybox", "ping", "-c", "1", "-W", "2", "10.78.0.100").status());
    } finally {
      server.destroy();
    }
  }

  @Test
  void routersAreAdvertisedForIpv6() {
    start(OUT);
    Machine inside = Machine.on("out0", "inside", "52:54:00:78:00:20");
    inside.awaitAddress(" fd00:78:");
  }

  @Test
  void aKilledServerIsStartedAgainAndRemembersItsLeases() throws InterruptedException {
    start(LAB);
    Machine web = Machine.on("lab0", "web", "52:54:00:77:00:20");
    web.asksForAddress(script, "web");
    Host.Events events = new Host.Events(networks);
    Host.run("kill", "-9", Host.read(root + "/run/networks/lab.dnsmasq.pid"));
    String why = events.await(e -> e.kind().equals("server")).detail();
    assertTrue(why.startsWith("dnsmasq ended, "), why);
    events.await(e -> e.detail().equals("dnsmasq runs again"));
    assertEquals(1, networks.leases("lab").size());
    assertTrue(
        web.inside("busybox", "nslookup", "web.lab.example", "10.77.0.1").contains("10.77.0.1"));
  }

  @Test
  void aFailingStartIsUndoneInFull() {
    String broken =
        OUT.replace(
            "</network>",
            "<d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
                + "<d:option value='no-such-option'/></d:options></network>");
    networks.define("broken.xml", broken);
    EngineException failure = assertThrows(EngineException.class, () -> networks.start("out"));
    String message = String.valueOf(failure.getMessage());
    assertTrue(
        message.startsWith("Failed at step 'start dnsmasq' starting network 'out': "), message);
    assertTrue(message.contains("bad option"), message);
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertEquals("lo", Host.run("ip", "-br", "link").split(" ")[0]);
    assertEquals(1, Host.run("ip", "-br", "link").lines().count());
    assertEquals("", Host.run("nft", "list", "ruleset"));
    assertEquals("0", Host.read("/proc/sys/net/ipv4/ip_forward"));
    assertFalse(Files.exists(root.resolve("run/networks/out.xml")));
    assertFalse(Files.exists(root.resolve("run/networks/out.dnsmasq.pid")));
  }

  @Test
  void stoppingLeavesNothing() {
    start(OUT);
    assertEquals("1", Host.read("/proc/sys/net/ipv4/ip_forward"));
    String ports = "<port start='1024' end='65535'/>";
    assertTrue(networks.xml("out", NetworkText.CURRENT).contains(ports));
    assertFalse(networks.xml("out", NetworkText.INACTIVE).contains(ports), "nobody wrote it");
    networks.destroy("out");
    assertNothingLeft();
  }

  @Test
  void refusesAddressesTheHostReachesElsewhere() {
    Machine.behind("eth7", "other", List.of("10.77.0.200/24"), List.of());
    networks.define("lab.xml", LAB);
    EngineException refusal = assertThrows(EngineException.class, () -> networks.start("lab"));
    assertEquals(
        "Failed at step 'check routes' starting network 'lab': network '10.77.0.0/24' is in use"
            + " already by interface 'eth7': choose other addresses, or free it",
        refusal.getMessage());
    assertFalse(Host.run("ip", "-br", "link").contains("lab0"));
  }

  @Test
  void anotherDaemonTakesOverWhatRuns() {
    start(LAB);
    Machine web = Machine.on("lab0", "web", "52:54:00:77:00:20");
    web.asksForAddress(script, "web");
    String first = Host.read(root + "/run/networks/lab.dnsmasq.pid");
    networks.close();
    networks = reopened();
    assertTrue(networks.info("lab").active());
    assertEquals(1, networks.leases("lab").size());
    assertEquals(first, Host.read(root + "/run/networks/lab.dnsmasq.pid"), "it serves on");
    assertTrue(
        web.inside("busybox", "nslookup", "web.lab.example", "10.77.0.1").contains("10.77.0.1"));
  }

  @Test
  void aServerThatWasTakenOverIsLookedAfter() throws InterruptedException {
    start(LAB);
    networks.close();
    networks = reopened();
    reserve("52:54:00:77:00:30", "10.77.0.30");
    Machine cache = Machine.on("lab0", "cache", "52:54:00:77:00:30");
    assertTrue(cache.asksForAddress(script, "x").contains("address=10.77.0.30 "));
    Host.Events events = new Host.Events(networks);
    Host.run("kill", "-9", Host.read(root + "/run/networks/lab.dnsmasq.pid"));
    String why = events.await(e -> e.kind().equals("server")).detail();
    assertTrue(why.startsWith("dnsmasq ended, starting again in 1 s"), why);
    events.await(e -> e.detail().equals("dnsmasq runs again"));
    assertTrue(
        cache
            .inside("busybox", "nslookup", "cache.lab.example", "10.77.0.1")
            .contains("10.77.0.30"));
    networks.close();
    networks = reopened();
    networks.destroy("lab");
    assertFalse(Files.exists(root.resolve("run/networks/lab.dnsmasq.pid")));
    assertFalse(Host.run("ps", "-e", "-o", "args").contains("lib/dnsmasq/lab.conf"));
  }

  @Test
  void aServerOfAnotherConfigurationOrNoneIsReplaced() throws IOException {
    start(LAB);
    String first = Host.read(root + "/run/networks/lab.dnsmasq.pid");
    networks.close();
    Path configuration = root.resolve("lib/dnsmasq/lab.conf");
    Files.writeString(configuration, Files.readString(configuration) + "domain-needed\n");
    networks = reopened();
    String second = Host.read(root + "/run/networks/lab.dnsmasq.pid");
    assertNotEquals(first, second);
    networks.close();
    Host.run("kill", "-9", second);
    networks = reopened();
    String third = Host.read(root + "/run/networks/lab.dnsmasq.pid");
    assertNotEquals(second, third);
    Machine web = Machine.on("lab0", "web", "52:54:00:77:00:20");
    web.asksForAddress(script, "web");
  }

  private void reserve(String mac, String address) {
    networks.update(
        "lab",
        new NetworkUpdate(
            NetworkUpdate.Command.ADD_LAST,
            NetworkUpdate.Section.IP_DHCP_HOST,
            XmlReader.read("item", "<host mac='%s' name='cache' ip='%s'/>".formatted(mac, address)),
            Optional.empty()),
        true,
        true);
  }

  @Test
  void aStartCutShortIsCleanedUpByTheNextDaemon() throws IOException {
    start(OUT);
    networks.close();
    Path record = root.resolve("run/networks/out.xml");
    Files.writeString(record, Files.readString(record).replace("finished='yes'", "finished='no'"));
    networks = reopened();
    assertFalse(networks.info("out").active());
    assertNothingLeft();
  }

  @Test
  void reservationsChangeWhileItRuns() {
    start(LAB);
    String server = Host.read(root + "/run/networks/lab.dnsmasq.pid");
    reserve("52:54:00:77:00:30", "10.77.0.30");
    assertEquals(server, Host.read(root + "/run/networks/lab.dnsmasq.pid"));
    Machine cache = Machine.on("lab0", "cache", "52:54:00:77:00:30");
    assertTrue(cache.asksForAddress(script, "x").contains("address=10.77.0.30 "));
    String last = "ip='10.77.0.10'/>\n";
    assertEquals(
        LAB.replace(
            last, last + "      <host mac='52:54:00:77:00:30' name='cache' ip='10.77.0.30'/>\n"),
        networks.xml("lab", NetworkText.AS_WRITTEN));
  }

  @Test
  void aBridgeIsToldItsGuestsAddresses() throws IOException {
    start(LAB.replace("stp='off'", "stp='off' macTableManager='libvirt'"));
    String mac = "52:54:00:77:00:40";
    LinkStep.PlugTap tap =
        new LinkStep.PlugTap(
            "vnet7",
            List.of("tap net0"),
            Optional.of("lab0"),
            "fe:54:00:77:00:40",
            Optional.empty(),
            true,
            true,
            Optional.of(mac));
    try (Workspace workspace = new Workspace("guest", new EventRelay())) {
      new GuestLinks(new RealSpawner()).carryOut(tap, workspace);
      assertTold(mac);
      networks.destroy("lab");
      networks.start("lab");
      assertTold(mac);
    }
  }

  private static void assertTold(String mac) {
    String port = Host.run("ip", "-details", "link", "show", "dev", "vnet7");
    assertTrue(
        port.contains("learning off") && port.contains("flood off") && port.contains("isolated on"),
        port);
    String table = Host.run("bridge", "fdb", "show", "br", "lab0", "dev", "vnet7");
    assertTrue(table.contains(mac + " master lab0 static"), table);
  }

  @Test
  void whoWasPluggedInIsPluggedInAgainAfterARestart() {
    start(LAB);
    Machine database = Machine.on("lab0", "database", "52:54:00:77:00:10");
    Machine elsewhere = Machine.on("lab0", "elsewhere", "52:54:00:77:00:20");
    Host.run("ip", "link", "set", "dev", "database-up", "type", "bridge_slave", "isolated", "on");
    networks.destroy("lab");
    Host.run("ip", "link", "add", "br9", "type", "bridge");
    Host.run("ip", "link", "set", "elsewhere-up", "master", "br9");
    networks.start("lab");
    String said = database.asksForAddress(script, "anything");
    assertTrue(said.contains("address=10.77.0.10 "), said);
    String ports = Host.run("ip", "-details", "link", "show", "master", "lab0");
    assertTrue(ports.contains("database-up") && ports.contains("isolated on"), ports);
    assertFalse(ports.contains("elsewhere-up"), "it has gone elsewhere: " + elsewhere.name());
    networks.destroy("lab");
    Host.run("ip", "link", "delete", "database-up");
    networks.start("lab");
    assertFalse(Files.exists(root.resolve("run/networks/lab0.ports")));
  }
}
