package launcher.drivers.dnsmasq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import launcher.drivers.dnsmasq.network.NetworkCompletion;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.drivers.dnsmasq.network.NetworkPlanner;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.drivers.dnsmasq.network.NftTable;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.network.NetworkReader;
import launcher.spawn.Identity;
import org.junit.jupiter.api.Test;

/**
 * Every value of a network, one after the other, is hostile: it is refused, or it stays one value
 * where it stood, and whatever else is said to programs is what it was.
 */
final class HostileNetworkTest {
  private static final String EVERYTHING =
      """
      <network ipv6='yes'>
        <name>lab</name>
        <uuid>11111111-2222-3333-4444-555555555555</uuid>
        <title>a title</title>
        <description>a description</description>
        <forward mode='nat' dev='eth0'>
          <nat ipv6='yes'><address start='192.0.2.4' end='192.0.2.10'/><port start='500' end='1000'/></nat>
          <interface dev='eth0'/>
        </forward>
        <bridge name='lab0' stp='off' delay='2' zone='work'/>
        <port isolated='no'/>
        <mtu size='9000'/>
        <mac address='52:54:00:11:22:33'/>
        <domain name='lab.example' localOnly='yes'/>
        <dns enable='yes' forwardPlainNames='no'>
          <forwarder domain='else.example' addr='192.0.2.53'/>
          <txt name='note' value='a value'/>
          <srv service='ldap' protocol='tcp' domain='lab.example' target='ldap.example' port='389' priority='1' weight='2'/>
          <host ip='10.1.0.5'><hostname>first</hostname><hostname>second</hostname></host>
        </dns>
        <bandwidth><inbound average='1000' peak='5000' burst='5120'/><outbound average='128'/></bandwidth>
        <ip address='10.1.0.1' netmask='255.255.255.0' localPtr='yes'>
          <tftp root='/srv/tftp'/>
          <dhcp>
            <range start='10.1.0.100' end='10.1.0.200'><lease expiry='1' unit='hours'/></range>
            <host mac='52:54:00:00:00:01' name='foo' ip='10.1.0.10'><lease expiry='0' unit='minutes'/></host>
            <bootp file='pxelinux.0' server='10.1.0.1'/>
          </dhcp>
        </ip>
        <ip family='ipv6' address='fd00:1::1' prefix='64'>
          <dhcp>
            <range start='fd00:1::100' end='fd00:1::1ff'/>
            <host id='0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66' name='six' ip='fd00:1::10'/>
          </dhcp>
        </ip>
        <route family='ipv4' address='10.3.0.0' prefix='16' gateway='10.1.0.2' metric='5'/>
        <portgroup name='group' default='yes'><bandwidth><inbound average='10'/></bandwidth></portgroup>
        <d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>
          <d:option value='cache-size=100'/>
        </d:options>
      </network>
      """;

  private static final List<String> HOSTILE =
      List.of(
          "x\ndhcp-script=/bin/evil",
          "x\r\nport=0",
          "x\u2028port=0",
          "x\u0085port=0",
          "x\u0000y",
          "x,y",
          "x, 10.9.9.9",
          "x#comment",
          " # x",
          "x\"y",
          "\"x",
          "x\\",
          "x\\\"",
          "x'y",
          "x y",
          "\tx",
          "--dhcp-script=/bin/evil",
          "-x",
          "x=y",
          "x/y/",
          "../../etc/passwd",
          "/etc/../../etc/passwd",
          "x; flush ruleset",
          "x } flush ruleset",
          "$(reboot)",
          "`reboot`",
          "() { :;}; echo vulnerable",
          "%s%n",
          "%d",
          "*",
          "ignore",
          "infinite",
          "x".repeat(5000),
          "ü",
          "",
          "\u202egpj.exe");

  private static final DnsmasqFiles FILES =
      DnsmasqFiles.of(Path.of("/s"), Path.of("/r"), Path.of("/l"), "lab");

  private final NetworkReader reader = new NetworkReader();

  /** What programs would be told. */
  private record Told(List<String> configuration, List<String> files, List<String> rules) {}

  private Told told(XmlElement tree) {
    NetworkCompletion.complete(
        reader.read("lab.xml", tree),
        tree,
        new NetworkCompletion.Choices("u", "52:54:00:00:00:99", Set.of()));
    NetworkPlan plan =
        new NetworkPlanner(Path.of("dnsmasq"), new Identity(1, 1))
            .plan(reader.read("lab.xml", tree), FILES);
    DnsmasqPlan server = plan.server().map(NetworkStep.Serve::dnsmasq).orElseThrow();
    return new Told(
        lines(server.configuration()),
        lines(server.reservations() + server.names()),
        lines(plan.firewall().flatMap(NetworkStep.Protect::table).map(NftTable::text).orElse("")));
  }

  private static List<String> lines(String text) {
    assertFalse(
        text.chars().anyMatch(c -> c != '\n' && (Character.isISOControl(c) || c == 0x2028)), text);
    return text.lines().toList();
  }

  /** Everything in a tree that can hold a value. */
  private static List<Consumer<String>> values(XmlElement element) {
    List<Consumer<String>> values = new ArrayList<>();
    element.attributes().forEach(a -> values.add(value -> element.set(a.name(), value)));
    if (element.children().isEmpty() && !element.text().isBlank()) {
      values.add(element::text);
    }
    element.children().forEach(child -> values.addAll(values(child)));
    return values;
  }

  @Test
  void eachHostileValueIsRefusedOrStaysOneValue() {
    Told plain = told(XmlReader.read("lab.xml", EVERYTHING));
    int places = values(XmlReader.read("lab.xml", EVERYTHING)).size();
    assertTrue(places > 70, "places: " + places);
    int inert = 0;
    for (int place = 0; place < places; place++) {
      for (String hostile : HOSTILE) {
        XmlElement tree = XmlReader.read("lab.xml", EVERYTHING);
        values(tree).get(place).accept(hostile);
        Optional<Told> told = attempt(tree);
        if (told.isPresent()) {
          inert++;
          compare(plain, told.get(), hostile);
        }
      }
    }
    assertTrue(inert > 100, "accepted: " + inert);
  }

  private Optional<Told> attempt(XmlElement tree) {
    try {
      return Optional.of(told(tree));
    } catch (XmlException | DnsmasqException refused) {
      return Optional.empty();
    }
  }

  private static void compare(Told plain, Told told, String hostile) {
    assertEquals(keys(plain.configuration()), keys(told.configuration()), hostile);
    assertEquals(plain.files().size(), told.files().size(), hostile);
    assertEquals(plain.rules().size(), told.rules().size(), hostile);
    told.files().forEach(line -> assertFalse(line.contains("#") || line.contains("\""), line));
    assertFalse(String.join("", told.rules()).contains("flush"), hostile);
    assertEquals(plain.configuration().size(), told.configuration().size(), hostile);
    for (int i = 0; i < plain.configuration().size() - 1; i++) {
      String before = plain.configuration().get(i);
      String after = told.configuration().get(i);
      if (!before.startsWith("#")) {
        assertEquals(parts(before), parts(after), after);
      }
    }
  }

  /** Names of options but for the last, which is the administrator's own. */
  private static List<String> keys(List<String> lines) {
    List<String> keys = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      keys.add(line.startsWith("#") ? "#" : line.split("=", 2)[0]);
    }
    return keys;
  }

  /** How many values dnsmasq reads in a line: commas outside of quotes part them. */
  private static long parts(String line) {
    boolean quoted = false;
    boolean escaped = false;
    long count = 1;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (quoted && c == '\\') {
        escaped = true;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        count++;
      } else {
        assertFalse(c == '#' && !quoted, line);
      }
    }
    assertFalse(quoted, line);
    return count;
  }
}
