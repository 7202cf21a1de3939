package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import launcher.engine.Folders;
import launcher.engine.bus.SystemBus;
import launcher.engine.network.Host.Machine;
import launcher.schemas.network.Ip;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Says whose packet rules stand in the way, having read real ones; what it advises helps. */
@ExtendWith(InOwnNetwork.class)
final class ForeignFirewallsIT {
  private static final String OUT =
      """
      <network>
        <name>out</name>
        <forward mode='nat'/>
        <bridge name='out0' stp='off'/>
        <ip address='10.78.0.1' prefix='24'>
          <dhcp><range start='10.78.0.100' end='10.78.0.199'/></dhcp>
        </ip>
      </network>
      """;

  private static List<String> found(Set<Ip.Family> families, String rules) throws IOException {
    Host.need("nft");
    Path file = Files.createTempFile("rules-", ".nft");
    Files.writeString(file, "flush ruleset\n" + rules);
    Host.run("nft", "-f", file.toString());
    Files.delete(file);
    return ForeignFirewalls.inTheWayOf(
        new ForeignFirewalls.Packets("out0", families, true, true),
        new HostTools(new RealSpawner()).nftRules());
  }

  private static List<String> found(String rules) throws IOException {
    return found(EnumSet.of(Ip.Family.IPV4), rules);
  }

  @Test
  void namesTheChainAndTheWayOut() throws IOException {
    assertEquals(
        List.of(
            "chain 'FORWARD' of table 'ip filter' (Docker's) drops packets from and to guests that"
                + " nobody lets through: nft insert rule ip filter DOCKER-USER iifname out0 accept;"
                + " nft insert rule ip filter DOCKER-USER oifname out0 accept"),
        found(
            """
            table ip filter {
              chain DOCKER-USER { return; }
              chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
            }
            """));
    assertEquals(
        List.of(
            "chain 'guard' of table 'inet site' drops packets from and to guests that nobody lets"
                + " through: nft insert rule inet site guard iifname out0 accept; nft insert rule"
                + " inet site guard oifname out0 accept"),
        found(
            """
            table inet site {
              chain guard { type filter hook forward priority 0; ct state established accept; counter reject; }
              chain open { type filter hook forward priority 5; tcp dport 25 drop; }
            }
            """));
    assertEquals(
        List.of(
            "chain 'INPUT' of table 'ip filter' (ufw's) drops what guests ask of the host (DHCP,"
                + " DNS) that nobody lets through: ufw allow in on out0 to any port 53; ufw allow"
                + " in on out0 to any port 67 proto udp"),
        found(
            """
            table ip filter {
              chain ufw-user-forward { }
              chain ufw-user-input { }
              chain INPUT { type filter hook input priority filter; policy drop; jump ufw-user-input; }
            }
            """));
  }

  @Test
  void isContentWhenNothingIsInTheWay() throws IOException {
    assertEquals(
        List.of(),
        found(
            """
            table ip filter {
              chain DOCKER-USER { iifname "out0" accept; oifname "out0" accept; }
              chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
              chain INPUT { type filter hook input priority filter; policy drop; udp dport { 53, 67 } accept; }
            }
            table inet mine {
              chain c { type filter hook forward priority filter; policy drop; iifname "out*" accept; }
            }
            table ip6 filter {
              chain FORWARD { type filter hook forward priority filter; policy drop; }
            }
            """));
    assertEquals(
        1,
        found(
                EnumSet.of(Ip.Family.IPV6),
                """
                table ip6 filter {
                  chain FORWARD { type filter hook forward priority filter; policy drop; }
                }
                """)
            .size());
    assertEquals(
        1,
        found(
                """
                table inet mine {
                  chain c { type filter hook forward priority filter; policy drop; iifname "out0" drop; }
                }
                """)
            .size());
  }

  /** As Docker and a strict host leave it, by the very tool that they use. */
  @Test
  void whatIsAdvisedLetsGuestsOut() throws IOException {
    Host.need("dnsmasq", "ip", "nft", "iptables-nft", "busybox", "curl", "ss");
    Path root = Files.createTempDirectory("networks-");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Host.run("iptables-nft", "-P", "FORWARD", "DROP");
    Host.run("iptables-nft", "-N", "DOCKER-USER");
    Host.run("iptables-nft", "-A", "FORWARD", "-j", "DOCKER-USER");
    Host.run("iptables-nft", "-A", "INPUT", "-i", "lo", "-j", "ACCEPT");
    Host.run("iptables-nft", "-A", "INPUT", "-j", "REJECT");
    try (Networks networks =
        Networks.open(
            NetworkFolders.of(Folders.under(root)),
            new RealSpawner(),
            new SystemBus("unix:path=" + root.resolve("no-bus")))) {
      networks.define("out.xml", OUT);
      List<String> warnings = networks.start("out");
      assertEquals(2, warnings.size(), warnings.toString());
      Path script = Host.dhcpScript(root);
      Machine world =
          Machine.behind("world0", "world", List.of("203.0.113.1/24"), List.of("203.0.113.9/24"));
      world.serves(root, 7777);
      Machine guest = Machine.on("out0", "guest", "52:54:00:78:00:20");
      guest.inside("ip", "address", "add", "10.78.0.5/24", "dev", "eth0");
      guest.inside("ip", "route", "add", "default", "via", "10.78.0.1");
      assertFalse(guest.fetches("http://203.0.113.9:7777/udhcpc.script"), "dropped, as warned");
      assertFalse(
          guest.tries("busybox", "nslookup", "-timeout=2", "a.b", "10.78.0.1").status() == 0);
      warnings.forEach(ForeignFirewallsIT::follow);
      assertEquals(List.of(), networks.inTheWay("out"));
      assertTrue(guest.asksForAddress(script, "guest").contains("address=10.78.0.1"));
      assertTrue(guest.fetches("http://203.0.113.9:7777/udhcpc.script"), "let through, as advised");
      networks.destroy("out");
    }
  }

  /** Does what a warning advises. */
  private static void follow(String warning) {
    for (String command : warning.substring(warning.indexOf(": ") + 2).split("; ", -1)) {
      Host.run(command.split(" ", -1));
    }
  }

  private static List<String> old() {
    return OldTables.inTheWayOf(
        new ForeignFirewalls.Packets("out0", EnumSet.allOf(Ip.Family.class), true, true));
  }

  @Test
  void readsTheRulesFromBeforeNftables() {
    Host.need("iptables-legacy", "ip6tables-legacy");
    assertEquals(List.of(), old());
    Host.run("iptables-legacy", "-A", "FORWARD", "-i", "eth0", "-p", "tcp", "-j", "ACCEPT");
    assertEquals(List.of(), old(), "nothing is dropped");
    for (String tool : List.of("iptables-legacy", "ip6tables-legacy")) {
      Host.run(tool, "-P", "FORWARD", "DROP");
      List<String> warnings = old();
      assertEquals(
          List.of(
              "chain 'FORWARD' of %s drops packets from and to guests that nobody lets through: %1$s -I FORWARD -i out0 -j ACCEPT; %1$s -I FORWARD -o out0 -j ACCEPT"
                  .formatted(tool)),
          warnings);
      follow(warnings.getFirst());
      assertEquals(List.of(), old(), "what is advised helps");
      Host.run(tool, "-F", "FORWARD");
      Host.run(tool, "-P", "FORWARD", "ACCEPT");
      Host.run(tool, "-P", "INPUT", "DROP");
      assertEquals(
          List.of(
              "chain 'INPUT' of %s drops what guests ask of the host (DHCP, DNS) that nobody lets through: %1$s -I INPUT -i out0 -j ACCEPT"
                  .formatted(tool)),
          old());
      Host.run(tool, "-P", "INPUT", "ACCEPT");
    }
  }
}
