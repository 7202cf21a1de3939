package launcher.schemas.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from a network, and what is refused. */
final class NetworkReaderTest {
  private static final NetworkReader READER = new NetworkReader();

  private static List<String> refusals(String xml) {
    XmlException e = assertThrows(XmlException.class, () -> READER.read("net.xml", xml));
    return e.problems().stream().map(NetworkReaderTest::line).toList();
  }

  private static String line(XmlProblem problem) {
    return problem.line() + ": " + problem.message();
  }

  private static String network(String inside) {
    return "<network>\n<name>n</name>\n<bridge name='br7'/>\n" + inside + "\n</network>";
  }

  private static String dhcp(String inside) {
    return network("<ip address='10.7.0.1' prefix='24'><dhcp>\n" + inside + "\n</dhcp></ip>");
  }

  @Test
  void readsWhatItSays() {
    Network network =
        READER.read(
            "net.xml",
            """
            <network>
              <name>lab</name>
              <forward mode='nat' dev='eth1'/>
              <bridge name='virbr3' stp='off' delay='1.5'/>
              <ip address='10.1.2.3' netmask='255.255.252.0'/>
              <ip family='ipv6' address='fd00::1' prefix='64'/>
            </network>
            """);
    assertEquals("lab", network.name());
    assertEquals(Forward.Mode.NAT, network.mode());
    assertEquals(List.of("eth1"), network.forward().orElseThrow().interfaces());
    assertEquals(1500, network.bridge().forwardDelay().toMillis());
    assertFalse(network.bridge().stp());
    assertEquals("10.1.0.0/22", network.ips().getFirst().subnet().network());
    assertEquals("fd00::/64", network.ips().getLast().subnet().network());
  }

  @Test
  void findsAllProblemsAtOnceWithTheirPlaces() {
    List<String> refusals =
        refusals(
            dhcp(
                """
                <range start='10.7.0.9' end='10.7.0.2'/>
                <host mac='52:54:00:00:00:01' ip='10.8.0.5'/>
                <host ip='10.7.0.7'/>\
                """));
    assertEquals(3, refusals.size(), refusals.toString());
    assertEquals("5: range runs backwards from '10.7.0.9' to '10.7.0.2'", refusals.get(0));
    assertEquals("6: '10.8.0.5' lies outside of '10.7.0.0/24'", refusals.get(1));
    assertEquals("7: 'host' needs a 'mac' or a 'name'", refusals.get(2));
  }

  @Test
  void refusesUnknownElement() {
    assertTrue(refusals(network("<bogus/>")).getFirst().startsWith("4: element 'bogus' "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../etc",
        "a/b",
        "-h",
        ".hidden",
        "",
        " ",
        "a&#10;dhcp-script=/bin/x",
        "a&#13;b",
        "a&#x2028;b"
      })
  void refusesNamesThatAreNotOneFile(String name) {
    assertFalse(refusals("<network><name>" + name + "</name></network>").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<domain name='a&#10;user=root'/>",
        "<domain name='-x'/>",
        "<domain name='a,b'/>",
        "<domain name='a/b'/>",
        "<dns><txt name='a' value='x&#10;dhcp-script=/bin/sh'/></dns>",
        "<dns><txt name='a&#10;b' value='x'/></dns>",
        "<dns><txt name='a,b' value='x'/></dns>",
        "<dns><srv service='a,b' protocol='tcp'/></dns>",
        "<dns><srv service='a' protocol='tcp' target='x#y'/></dns>",
        "<dns><forwarder addr='8.8.8.8@eth0'/></dns>",
        "<dns><forwarder domain='a/b/' addr='8.8.8.8'/></dns>",
        "<dns><forwarder/></dns>",
        "<dns><host ip='10.0.0.1'><hostname>a b</hostname></host></dns>",
        "<dns><host ip='10.0.0.1'><hostname>a&#10;b</hostname></host></dns>",
        "<dns><host ip='::g'><hostname>a</hostname></host></dns>",
        "<ip address='10.7.0.1' prefix='24'><tftp root='relative'/></ip>",
        "<ip address='10.7.0.1' prefix='24'><tftp root='/a&#10;b'/></ip>",
        "<ip address='10.7.0.300' prefix='24'/>",
        "<ip address='10.7.0.1' prefix='33'/>",
        "<ip address='10.7.0.1' netmask='255.0.255.0'/>",
        "<ip family='ipv6' address='10.7.0.1' prefix='24'/>",
        "<ip address='10.7.0.1' netmask='255.255.255.0' prefix='24'/>",
        "<mac address='01:00:00:00:00:00'/>",
        "<mac address='x'/>",
        "<mtu size='0'/>",
        "<forward mode='bridge' dev='eth0'/>",
        "<forward mode='nat' dev='--x'/>",
        "<forward mode='nat' dev='a&#10;b'/>",
        "<forward mode='nat' dev='abcdefghijklmnop'/>",
        "<route address='10.9.0.0' prefix='24' gateway='10.8.0.1'/>",
        "<portgroup name='a&#10;b'/>"
      })
  void refusesHostileAndImpossibleValues(String inside) {
    assertFalse(refusals(network(inside)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<host mac='52:54:00:00:00:01' name='ignore' ip='10.7.0.5'/>",
        "<host mac='52:54:00:00:00:01' name='infinite' ip='10.7.0.5'/>",
        "<host mac='52:54:00:00:00:01' name='45m' ip='10.7.0.5'/>",
        "<host mac='52:54:00:00:00:01' name='a,b' ip='10.7.0.5'/>",
        "<host mac='52:54:00:00:00:01' name='set:x' ip='10.7.0.5'/>",
        "<host mac='*:*' ip='10.7.0.5'/>",
        "<host id='0:1' ip='10.7.0.5'/>",
        "<bootp file='a&#10;b'/>",
        "<bootp file='a' server='x,y'/>",
        "<range start='10.7.0.1' end='10.7.0.5'><lease expiry='-1'/></range>",
        "<range start='10.7.0.1' end='10.7.0.5'><lease expiry='1' unit='days'/></range>"
      })
  void refusesWhatDnsmasqWouldReadOtherwise(String inside) {
    assertFalse(refusals(dhcp(inside)).isEmpty());
  }

  @Test
  void refusesTwoReservationsOfOneAddress() {
    List<String> refusals =
        refusals(
            dhcp(
                """
                <host mac='52:54:00:00:00:01' ip='10.7.0.5'/>
                <host mac='52:54:00:00:00:02' ip='10.7.0.5'/>\
                """));
    assertEquals(List.of("6: ip '10.7.0.5' is reserved at line 5 already"), refusals);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dhcp-script=/bin/sh",
        "dhcp-luascript=/x",
        "conf-script=/x",
        "conf-file=/etc/passwd",
        "user=root",
        "pid-file=/etc/x",
        " dhcp-script=/x",
        "dhcp-&quot;script&quot;=/x",
        "--dhcp-script=/x",
        ""
      })
  void refusesOptionsThatRunProgramsOrTakeLaunchersPlace(String option) {
    String options =
        "<d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'><d:option value='"
            + option
            + "'/></d:options>";
    assertFalse(refusals(network(options)).isEmpty());
  }

  @Test
  void passesOtherOptionsOn() {
    String options =
        "<d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
            + "<d:option value='dhcp-option=option:ntp-server,10.7.0.1'/></d:options>";
    assertEquals(
        List.of("dhcp-option=option:ntp-server,10.7.0.1"),
        READER.read("net.xml", network(options)).dnsmasqOptions());
  }

  @Test
  void saysWhyWhatLibvirtHasIsNotDone() {
    assertEquals(
        List.of(
            "3: 'vlan': VLAN tags are not put on ports here: make a bridge on the VLAN's interface,"
                + " and let forward mode 'bridge' name it",
            "5: invalid value 'x' of attribute 'delay' in element 'bridge'; must be a string"
                + " matching the regular expression '[0-9]{1,3}(\\.[0-9]{1,3})?'"),
        refusals(
            """
            <network><name>n</name>
              <forward mode='nat'/>
              <vlan><tag id='5'/></vlan>
              <description>d</description>
              <bridge delay='x'/>
            </network>
            """));
  }

  private static String hostdev(String inside) {
    return "<network><name>n</name>\n<forward mode='hostdev' managed='yes'>"
        + inside
        + "</forward></network>";
  }

  @Test
  void readsDevicesThatAreHandedOut() {
    String addresses =
        "<driver name='vfio' model='mlx5_vfio_pci'/>"
            + "<address type='pci' domain='0x0' bus='0x1f' slot='16' function='0x2'/>"
            + "<address type='pci' bus='1' slot='0' function='0'/>";
    Forward forward = READER.read("net.xml", hostdev(addresses)).forward().orElseThrow();
    assertTrue(forward.managed());
    assertEquals(List.of("0000:1f:10.2", "0000:01:00.0"), forward.functions());
    assertEquals("mlx5_vfio_pci", forward.driverModel().orElseThrow());
    Forward card = READER.read("net.xml", hostdev("<pf dev='eth0'/>")).forward().orElseThrow();
    assertEquals("eth0", card.physicalFunction().orElseThrow());
    assertEquals(
        List.of(
            "2: forward mode 'hostdev' needs either the card whose functions it hands out (pf) or addresses of devices"),
        refusals(hostdev("")));
    assertEquals(
        List.of("1: devices are handed out by forward mode 'hostdev' only"),
        refusals(
            "<network><name>n</name><forward mode='nat'><pf dev='eth0'/></forward></network>"));
  }
}
