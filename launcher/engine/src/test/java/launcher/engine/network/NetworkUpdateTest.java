package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.network.NetworkUpdate.Command;
import launcher.engine.network.NetworkUpdate.Section;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.network.NetworkReader;
import org.junit.jupiter.api.Test;

/** Each section of net-update, as libvirt matches and changes it. */
final class NetworkUpdateTest {
  private final XmlElement network =
      XmlReader.read(
          "lab.xml",
          """
          <network>
            <name>lab</name>
            <forward mode='nat'><interface dev='eth0'/></forward>
            <dns>
              <txt name='note' value='old'/>
              <srv service='ldap' protocol='tcp' target='a.example' port='389'/>
              <srv service='ldap' protocol='tcp' target='b.example' port='389'/>
              <host ip='10.1.0.5'><hostname>first</hostname></host>
            </dns>
            <ip address='10.1.0.1' prefix='24'>
              <dhcp>
                <range start='10.1.0.100' end='10.1.0.110'/>
                <host mac='52:54:00:00:00:01' name='one' ip='10.1.0.11'/>
                <host mac='52:54:00:00:00:02' name='two' ip='10.1.0.12'/>
              </dhcp>
            </ip>
            <ip address='10.2.0.1' prefix='24'/>
            <ip family='ipv6' address='fd00:1::1' prefix='64'>
              <dhcp><host id='0:1:0:1:18:aa:62:fe' name='six' ip='fd00:1::6'/></dhcp>
            </ip>
            <portgroup name='slow'/>
          </network>
          """);

  private void update(Command command, Section section, String xml) {
    new NetworkUpdate(command, section, XmlReader.read("item", xml), Optional.empty())
        .apply(network);
    new NetworkReader().read("lab.xml", network);
  }

  private String refusal(Command command, Section section, String xml) {
    return String.valueOf(
        assertThrows(EngineException.class, () -> update(command, section, xml)).getMessage());
  }

  private List<String> values(String parent, String child, String attribute) {
    return network.at(parent).orElseThrow().children(child).stream()
        .map(found -> found.attribute(attribute, ""))
        .toList();
  }

  @Test
  void reservations() {
    String three = "<host mac='52:54:00:00:00:03' ip='10.1.0.13'/>";
    update(Command.ADD_FIRST, Section.IP_DHCP_HOST, three);
    update(
        Command.ADD_LAST, Section.IP_DHCP_HOST, three.replace(":03", ":04").replace(".13", ".14"));
    assertEquals(
        List.of("10.1.0.13", "10.1.0.11", "10.1.0.12", "10.1.0.14"),
        values("ip/dhcp", "host", "ip"));
    // a new address for a known machine
    update(
        Command.MODIFY,
        Section.IP_DHCP_HOST,
        "<host mac='52:54:00:00:00:01' name='one' ip='10.1.0.21'/>");
    update(Command.DELETE, Section.IP_DHCP_HOST, "<host name='two'/>");
    assertEquals(List.of("10.1.0.13", "10.1.0.21", "10.1.0.14"), values("ip/dhcp", "host", "ip"));
    assertEquals(
        "such a 'host' is there already: mac='52:54:00:00:00:03' ip='10.1.0.13'",
        refusal(
            Command.ADD_LAST,
            Section.IP_DHCP_HOST,
            "<host mac='52:54:00:00:00:0a' ip='10.1.0.13'/>"));
    assertEquals(
        "no 'host' matches mac='52:54:00:00:00:99'",
        refusal(Command.DELETE, Section.IP_DHCP_HOST, "<host mac='52:54:00:00:00:99'/>"));
  }

  @Test
  void reservationsOfIpv6GoWhereIpv6Is() {
    update(
        Command.ADD_LAST,
        Section.IP_DHCP_HOST,
        "<host id='0:1:0:1:18:aa:62:ff' name='seven' ip='fd00:1::7'/>");
    XmlElement six = network.children("ip").get(2);
    assertEquals(2, six.childOrAdd("dhcp").children("host").size());
  }

  @Test
  void theParentCanBeNamed() {
    new NetworkUpdate(
            Command.ADD_LAST,
            Section.IP_DHCP_HOST,
            XmlReader.read("item", "<host mac='52:54:00:00:00:05' ip='10.2.0.5'/>"),
            Optional.of(1))
        .apply(network);
    assertEquals(1, network.children("ip").get(1).childOrAdd("dhcp").children("host").size());
  }

  @Test
  void ranges() {
    update(
        Command.ADD_LAST,
        Section.IP_DHCP_RANGE,
        "<range start='10.1.0.150' end='10.1.0.160'><lease expiry='2' unit='hours'/></range>");
    update(Command.DELETE, Section.IP_DHCP_RANGE, "<range start='10.1.0.100' end='10.1.0.110'/>");
    assertEquals(List.of("10.1.0.150"), values("ip/dhcp", "range", "start"));
    assertEquals(
        "a range cannot be changed: add the new one, then delete the old one",
        refusal(Command.MODIFY, Section.IP_DHCP_RANGE, "<range start='10.1.0.1' end='10.1.0.2'/>"));
  }

  @Test
  void names() {
    update(
        Command.ADD_LAST,
        Section.DNS_HOST,
        "<host ip='10.1.0.6'><hostname>second</hostname></host>");
    update(Command.DELETE, Section.DNS_HOST, "<host ip='10.1.0.5'/>");
    assertEquals(List.of("10.1.0.6"), values("dns", "host", "ip"));
    assertEquals(
        "no 'host' matches nobody",
        refusal(Command.DELETE, Section.DNS_HOST, "<host><hostname>nobody</hostname></host>"));
    assertEquals(
        "which 'host' is meant? Say 'ip'", refusal(Command.DELETE, Section.DNS_HOST, "<host/>"));
    update(Command.DELETE, Section.DNS_HOST, "<host><hostname>second</hostname></host>");
    assertEquals(List.of(), values("dns", "host", "ip"));
    update(Command.ADD_LAST, Section.DNS_TXT, "<txt name='other' value='a'/>");
    update(Command.DELETE, Section.DNS_TXT, "<txt name='note'/>");
    assertEquals(List.of("other"), values("dns", "txt", "name"));
    assertEquals(
        "2 elements 'srv' match service='ldap' protocol='tcp'",
        refusal(Command.DELETE, Section.DNS_SRV, "<srv service='ldap' protocol='tcp'/>"));
    update(
        Command.DELETE, Section.DNS_SRV, "<srv service='ldap' protocol='tcp' target='a.example'/>");
    assertEquals(List.of("b.example"), values("dns", "srv", "target"));
  }

  @Test
  void groupsAndInterfaces() {
    update(Command.ADD_LAST, Section.PORTGROUP, "<portgroup name='fast' default='yes'/>");
    update(
        Command.MODIFY,
        Section.PORTGROUP,
        "<portgroup name='slow'><bandwidth><inbound average='5'/></bandwidth></portgroup>");
    assertEquals("5", network.value("portgroup/bandwidth/inbound/@average", ""));
    update(Command.ADD_FIRST, Section.FORWARD_INTERFACE, "<interface dev='eth1'/>");
    assertEquals(List.of("eth1", "eth0"), values("forward", "interface", "dev"));
  }

  @Test
  void refusesAnElementOfAnotherSection() {
    assertEquals(
        "section 'dns-txt' has elements 'txt', not 'host'",
        refusal(Command.ADD_LAST, Section.DNS_TXT, "<host ip='10.1.0.9'/>"));
    assertEquals(
        "'bridge' is no section that can be changed: use ip-dhcp-host, ip-dhcp-range,"
            + " forward-interface, portgroup, dns-host, dns-txt or dns-srv",
        assertThrows(EngineException.class, () -> Section.of("bridge")).getMessage());
  }
}
