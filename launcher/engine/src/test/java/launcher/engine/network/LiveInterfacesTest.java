package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;
import org.junit.jupiter.api.Test;

/** What a network says of the cards that are plugged into it. */
final class LiveInterfacesTest {
  private static final Network LAB =
      new NetworkReader()
          .read(
              "lab.xml",
              """
              <network>
                <name>lab</name>
                <bridge name='lab0'/>
                <mtu size='1400'/>
                <portgroup name='slow' default='yes'>
                  <bandwidth><inbound average='100'/><outbound average='50'/></bandwidth>
                </portgroup>
                <portgroup name='fast'/>
              </network>
              """);

  private static XmlElement card(String inside) {
    return card(inside, LAB);
  }

  private static XmlElement card(String inside, Network network) {
    XmlElement domain =
        XmlReader.read(
            "guest.xml",
            "<domain><devices><interface type='network'>"
                + "<mac address='52:54:00:00:00:01'/>"
                + inside
                + "</interface></devices></domain>");
    LiveInterfaces.fill(domain, name -> network, pool -> "0000:01:10.2");
    return domain.at("devices/interface").orElseThrow();
  }

  @Test
  void aCardIsOfTheDefaultGroupUnlessItSaysAnother() {
    XmlElement slow = card("<source network='lab'/>");
    assertEquals("100", slow.value("bandwidth/inbound/@average", ""));
    assertEquals("50", slow.value("bandwidth/outbound/@average", ""));
    assertEquals("lab0", slow.value("source/@bridge", ""));
    assertEquals("1400", slow.value("mtu/@size", ""));
    assertFalse(card("<source network='lab' portgroup='fast'/>").hasChild("bandwidth"));
  }

  @Test
  void aCardsOwnWordsComeFirst() {
    XmlElement own =
        card(
            "<source network='lab'/><mtu size='1300'/>"
                + "<bandwidth><inbound average='7'/></bandwidth>");
    assertEquals("7", own.value("bandwidth/inbound/@average", ""));
    assertEquals("", own.value("bandwidth/outbound/@average", ""));
    assertEquals("1300", own.value("mtu/@size", ""));
  }

  private static String refusal(String inside) {
    return String.valueOf(assertThrows(EngineException.class, () -> card(inside)).getMessage());
  }

  @Test
  void refusesWhatWouldBeAHoleIfItWerePassedOver() {
    assertEquals(
        "network 'lab' has no portgroup 'gold'",
        refusal("<source network='lab' portgroup='gold'/>"));
    assertEquals(
        "<filterref> of network card '52:54:00:00:00:01': network filters (nwfilter) are not done"
            + " here: leave it out, and filter with nftables on the bridge",
        refusal("<source network='lab'/><filterref filter='clean-traffic'/>"));
    assertEquals(
        "<vlan> of network card '52:54:00:00:00:01': VLAN tags are not put on ports of a bridge"
            + " here: make a bridge on the VLAN's interface, and name it in <source bridge=…>",
        refusal("<source network='lab'/><vlan><tag id='7'/></vlan>"));
    assertEquals(
        "<virtualport> of network card '52:54:00:00:00:01': ports of Open vSwitch and 802.1Qbh are"
            + " not done here: use a bridge of the kernel's",
        refusal("<source network='lab'/><virtualport type='openvswitch'/>"));
    assertEquals(
        "<bandwidth> of network card '52:54:00:00:00:01': 'floor' is not kept here: 'average' and"
            + " 'peak' are limits",
        refusal("<source network='lab'/><bandwidth><inbound average='9' floor='5'/></bandwidth>"));
  }

  @Test
  void linksOfGuestsThatStartAtOnceHaveNamesOfTheirOwn() {
    String first = card("<source network='lab'/>").value("target/@dev", "");
    String second = card("<source network='lab'/><target dev='vnet0'/>").value("target/@dev", "");
    assertNotEquals(first, second);
    assertEquals(
        "tap7", card("<source network='lab'/><target dev='tap7'/>").value("target/@dev", ""));
  }

  @Test
  void aNetworkOfInterfacesGivesOneToEachCard() {
    Network outside =
        new NetworkReader()
            .read(
                "outside.xml",
                """
                <network>
                  <name>outside</name>
                  <forward mode='passthrough'><interface dev='no-such-0'/></forward>
                </network>
                """);
    XmlElement card = card("<source network='outside'/>", outside);
    assertEquals("no-such-0", card.value("source/@dev", ""));
    assertEquals("passthrough", card.value("source/@mode", ""));
  }

  @Test
  void cardOfANetworkOfDevicesIsOne() {
    Network pool =
        new NetworkReader()
            .read(
                "vf.xml",
                """
                <network><name>vf</name>
                <forward mode='hostdev' managed='yes'><pf dev='eth0'/></forward></network>
                """);
    XmlElement card = card("<source network='vf'/><vlan><tag id='4'/></vlan>", pool);
    assertEquals("hostdev", card.attribute("type", ""));
    assertEquals("yes", card.attribute("managed", ""));
    assertEquals("0x10", card.value("source/address/@slot", ""));
    assertEquals("0x2", card.value("source/address/@function", ""));
    assertFalse(card.hasChild("target"), "it has no link on the host");
  }
}
