package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import launcher.drivers.dnsmasq.network.NftTable;
import launcher.engine.network.Host.Machine;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Packets are sent under libvirt's packet rules for a network, then under launcher's: the same ones
 * arrive.
 */
@ExtendWith(InOwnNetwork.class)
final class CorpusTrafficIT {
  private static final Path CORPUS =
      Path.of(System.getProperty("launcher.corpus", "../../../shared/corpus"))
          .resolve("network-nftables");

  /** The chains that libvirt's rules are put into (libvirt-behaviour: network driver). */
  private static final String CHAINS =
      """
      table FAMILY libvirt_network {
        chain guest_cross {}
        chain guest_input {}
        chain guest_output {}
        chain guest_nat { type nat hook postrouting priority 100; policy accept; }
        chain forward {
          type filter hook forward priority 0; policy accept;
          jump guest_cross
          jump guest_input
          jump guest_output
        }
      }
      """;

  @Test
  void theSamePacketsPass() throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no acceptance data at '" + CORPUS + "'");
    Host.need("ip", "nft", "busybox", "curl", "ss");
    Path folder = Files.createTempDirectory("traffic-");
    Files.writeString(folder.resolve("hello"), "hello\n");
    build(folder);
    List<Path> cases;
    try (Stream<Path> all = Files.list(CORPUS)) {
      cases = all.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
    }
    assertTrue(cases.size() >= 8, "cases: " + cases);
    Path rules = folder.resolve("rules.nft");
    SortedMap<String, SortedMap<String, Boolean>> wanted = new TreeMap<>();
    SortedMap<String, SortedMap<String, Boolean>> found = new TreeMap<>();
    for (Path xml : cases) {
      String name = xml.getFileName().toString().replace(".xml", "");
      Network network = new NetworkReader().read(name, Files.readString(xml));
      libvirt(CORPUS.resolve(name + ".nftables"), rules);
      wanted.put(name, packets(network));
      Host.run("nft", "flush", "ruleset");
      Files.writeString(rules, NftTable.of(network, "virbr0").text());
      Host.run("nft", "-f", rules.toString());
      found.put(name, packets(network));
      Host.run("nft", "flush", "ruleset");
    }
    assertEquals(wanted, found);
    // the comparison would also hold if no packet ever passed
    assertTrue(wanted.get("nat-no-dhcp").get("out IPV4"));
    assertTrue(wanted.get("route-default").get("in IPV4"));
    assertEquals(false, wanted.get("isolated").get("out IPV4"));
  }

  private Machine guest = new Machine("guest");
  private Machine world = new Machine("world");

  /** A bridge with the addresses of the cases, a guest on it and a world behind the host. */
  private void build(Path folder) {
    Host.run("ip", "link", "add", "virbr0", "type", "bridge");
    Host.run("ip", "address", "add", "192.168.122.1/24", "dev", "virbr0");
    Host.run("ip", "address", "add", "2001:db8:ca2:2::1/64", "dev", "virbr0", "nodad");
    Host.run("ip", "link", "set", "virbr0", "up");
    Host.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    world =
        Machine.behind(
            "world0",
            "world",
            List.of("203.0.113.1/24", "2001:db8:1::1/64"),
            List.of("203.0.113.9/24", "2001:db8:1::9/64"));
    world.inside("ip", "route", "add", "192.168.122.0/24", "via", "203.0.113.1");
    world.inside("ip", "route", "add", "2001:db8:ca2:2::/64", "via", "2001:db8:1::1");
    guest = Machine.on("virbr0", "guest", "52:54:00:78:00:20");
    guest.inside("ip", "address", "add", "192.168.122.5/24", "dev", "eth0");
    guest.inside("ip", "address", "add", "2001:db8:ca2:2::5/64", "dev", "eth0", "nodad");
    guest.inside("ip", "route", "add", "default", "via", "192.168.122.1");
    guest.inside("ip", "route", "add", "default", "via", "2001:db8:ca2:2::1");
    world.serves(folder, 7777);
    guest.serves(folder, 7778);
  }

  private SortedMap<String, Boolean> packets(Network network) {
    SortedMap<String, Boolean> passed = new TreeMap<>();
    for (Ip.Family family : Ip.Family.values()) {
      if (!network.has(family)) {
        continue;
      }
      boolean ipv4 = family == Ip.Family.IPV4;
      String outside = ipv4 ? "203.0.113.9" : "[2001:db8:1::9]";
      String inside = ipv4 ? "192.168.122.5" : "[2001:db8:ca2:2::5]";
      passed.put("out " + family, guest.fetches("http://" + outside + ":7777/hello"));
      passed.put("in " + family, world.fetches("http://" + inside + ":7778/hello"));
      passed.put("hidden " + family, hidden(ipv4, outside));
    }
    return passed;
  }

  /** Whether the world answers without knowing a way to the guest: only if it is translated. */
  private boolean hidden(boolean ipv4, String outside) {
    String net = ipv4 ? "192.168.122.0/24" : "2001:db8:ca2:2::/64";
    String via = ipv4 ? "203.0.113.1" : "2001:db8:1::1";
    world.inside("ip", "route", "del", net, "via", via);
    try {
      return guest.fetches("http://" + outside + ":7777/hello");
    } finally {
      world.inside("ip", "route", "add", net, "via", via);
    }
  }

  /**
   * libvirt inserts its rules one by one; the file holds the words of each command, a line each.
   */
  private static void libvirt(Path commands, Path script) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String family : List.of("ip", "ip6")) {
      text.append(CHAINS.replace("FAMILY", family));
    }
    String all = Files.readString(commands).replace(" \\\n", " ").replace("'!='", "!=");
    List<String> rules = new ArrayList<>();
    for (String line : all.split("\n", -1)) {
      if (line.startsWith("nft -ae insert rule ")) {
        rules.add(line.substring("nft -ae ".length()));
      }
    }
    text.append(String.join("\n", rules)).append('\n');
    Files.writeString(script, text.toString());
    Host.run("nft", "-f", script.toString());
  }
}
