package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import launcher.engine.Folders;
import launcher.engine.bus.SystemBus;
import launcher.engine.network.Host.Machine;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Networks beside a real firewalld. */
@ExtendWith(InOwnNetwork.class)
final class FirewalldIT {
  private static final String SERVER = "http://203.0.113.9:7777/udhcpc.script";
  private static final String GUEST = "http://10.78.0.20:7778/udhcpc.script";
  private static final String ON_HOST = "http://10.78.0.1:7779/udhcpc.script";

  private static String network(String mode) {
    return """
    <network>
      <name>out</name>
      <forward mode='%s'/>
      <bridge name='out0' stp='off'/>
      <ip address='10.78.0.1' prefix='24'>
        <dhcp>
          <range start='10.78.0.100' end='10.78.0.199'/>
          <host mac='52:54:00:78:00:20' ip='10.78.0.20'/>
        </dhcp>
      </ip>
    </network>
    """
        .formatted(mode);
  }

  /** Everything of one test. */
  private static final class Scene implements AutoCloseable {
    final Path root;
    final PrivateFirewalld firewalld;
    final Networks networks;
    final Host.Events events;
    final Machine world;
    final Machine guest;
    final List<Process> servers;

    Scene(String mode) throws IOException {
      Host.need("dnsmasq", "ip", "nft", "busybox", "curl", "ss");
      root = Files.createTempDirectory("networks-");
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
      firewalld = PrivateFirewalld.in(root);
      networks =
          Networks.open(
              NetworkFolders.of(Folders.under(root)),
              new RealSpawner(),
              new SystemBus(firewalld.address()));
      networks.define("out.xml", network(mode));
      assertEquals(List.of(), networks.start("out"));
      events = new Host.Events(networks);
      Path script = Host.dhcpScript(root);
      world =
          Machine.behind("world0", "world", List.of("203.0.113.1/24"), List.of("203.0.113.9/24"));
      world.inside("ip", "route", "add", "10.78.0.0/24", "via", "203.0.113.1");
      guest = Machine.on("out0", "guest", "52:54:00:78:00:20");
      assertTrue(guest.asksForAddress(script, "guest").contains("address=10.78.0.20 "));
      servers = List.of(world.serves(root, 7777), guest.serves(root, 7778), host(root));
    }

    private static Process host(Path root) throws IOException {
      return new ProcessBuilder("busybox", "httpd", "-f", "-p", "7779", "-h", root.toString())
          .start();
    }

    @Override
    public void close() {
      servers.forEach(Process::destroy);
      networks.destroy("out");
      networks.close();
      firewalld.close();
    }
  }

  @Test
  void translatedGuestsReachOutAndNobodyReachesIn() throws IOException {
    try (Scene scene = new Scene("nat")) {
      assertEquals("launcher", scene.firewalld.zoneOf("out0"));
      assertTrue(scene.guest.fetches(SERVER));
      assertFalse(scene.world.fetches(GUEST));
      assertFalse(scene.guest.fetches(ON_HOST), "the host's own servers are not the guests'");
    }
  }

  @Test
  void routedGuestsReachOutAndAreReached() throws IOException {
    try (Scene scene = new Scene("route")) {
      assertEquals("launcher-routed", scene.firewalld.zoneOf("out0"));
      assertTrue(scene.guest.fetches(SERVER));
      assertTrue(scene.world.fetches(GUEST));
      assertFalse(scene.guest.fetches(ON_HOST), "the host's own servers are not the guests'");
    }
  }

  @Test
  void aReloadAndACrashOfFirewalldAreSurvived() throws IOException, InterruptedException {
    try (Scene scene = new Scene("nat")) {
      Process server = scene.world.talks("busybox", "nc", "-l", "-p", "7000");
      scene.world.awaitListener(7000);
      Process client = scene.guest.talks("busybox", "nc", "203.0.113.9", "7000");
      say("before", client, server);
      scene.firewalld.reload();
      say("while it reloads", client, server);
      scene.events.await(e -> e.detail().equals("firewall set again"));
      say("answer", server, client);
      assertEquals("launcher", scene.firewalld.zoneOf("out0"));
      assertTrue(scene.guest.fetches(SERVER));
      scene.firewalld.crash();
      scene.events.await(e -> e.detail().equals("firewall set again"));
      say("after a crash", client, server);
      say("and back", server, client);
      assertEquals("launcher", scene.firewalld.zoneOf("out0"));
      assertTrue(scene.guest.fetches(SERVER));
      assertFalse(scene.world.fetches(GUEST));
    }
  }

  /** One connection through all of it. */
  private static void say(String text, Process from, Process to) throws IOException {
    from.outputWriter().write(text + "\n");
    from.outputWriter().flush();
    assertEquals(text, to.inputReader().readLine());
  }

  @Test
  void aStoppedNetworkIsForgottenByFirewalld() throws IOException {
    try (Scene scene = new Scene("nat")) {
      scene.networks.destroy("out");
      assertEquals("", scene.firewalld.zoneOf("out0"));
      scene.networks.start("out");
      assertEquals("launcher", scene.firewalld.zoneOf("out0"));
    }
  }
}
