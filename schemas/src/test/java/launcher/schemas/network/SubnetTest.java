package launcher.schemas.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic of addresses. */
final class SubnetTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/8, 10.0.0.0/8, 10.255.255.255",
    "192.168.122.1/24, 192.168.122.0/24, 192.168.122.255",
    "192.168.122.5/30, 192.168.122.4/30, 192.168.122.7",
    "0.0.0.0/0, 0.0.0.0/0, 255.255.255.255",
    "1.2.3.4/32, 1.2.3.4/32, 1.2.3.4"
  })
  void findsTheEndsOfANetwork(String text, String network, String last) {
    Subnet subnet = Subnet.parse(text);
    assertEquals(network, subnet.network());
    assertEquals(last, Subnet.text(subnet.broadcast()));
  }

  @ParameterizedTest
  @CsvSource({
    "fd00:0:0:0:0:0:0:1, fd00::1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "10.0.0.1, 10.0.0.1"
  })
  void writesTheShortestForm(String address, String text) {
    assertEquals(text, Subnet.text(InetAddress.ofLiteral(address)));
  }

  @Test
  void knowsClassesOfOldNetworks() {
    assertEquals(8, Subnet.of("10.24.10.1", null, null).prefix());
    assertEquals(16, Subnet.of("172.16.0.1", null, null).prefix());
    assertEquals(24, Subnet.of("192.168.0.1", null, null).prefix());
    assertEquals(64, Subnet.of("fd00::1", null, null).prefix());
  }

  @Test
  void refusesMasksWithHoles() {
    assertThrows(IllegalArgumentException.class, () -> Subnet.of("10.0.0.1", "255.0.255.0", null));
  }

  @Test
  void namesReverseZones() {
    assertEquals("122.168.192.in-addr.arpa", Subnet.parse("192.168.122.1/24").reverseZone());
    assertEquals("0.0.d.f.ip6.arpa", Subnet.parse("fd00::1/16").reverseZone());
  }

  @Test
  void seesOverlaps() {
    assertTrue(Subnet.parse("10.0.0.0/8").overlaps(Subnet.parse("10.7.0.1/24")));
    assertTrue(Subnet.parse("10.7.0.1/24").overlaps(Subnet.parse("10.0.0.0/8")));
    assertFalse(Subnet.parse("10.7.0.1/24").overlaps(Subnet.parse("10.8.0.0/24")));
    assertFalse(Subnet.parse("0.0.0.0/0").overlaps(Subnet.parse("::/0")));
  }
}
