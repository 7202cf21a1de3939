package launcher.engine.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

class LiveDisplaysTest {
  private static XmlElement guest(String graphics) {
    return XmlReader.read("guest.xml", "<domain><devices>" + graphics + "</devices></domain>");
  }

  private static int port(XmlElement guest) {
    return Integer.parseInt(guest.value("devices/graphics/@port", "0"));
  }

  private static final String AUTO =
      "<graphics type='vnc' port='-1' autoport='yes'><listen type='address'/></graphics>";

  @Test
  void guestsThatStartTogetherGetDifferentPorts() {
    LiveDisplays displays = new LiveDisplays();
    XmlElement one = guest(AUTO);
    XmlElement two = guest(AUTO);
    displays.fill(one);
    displays.fill(two);
    assertNotEquals(port(one), port(two));
  }

  @Test
  void aPortThatSomebodyListensAtIsPassedOver() throws Exception {
    XmlElement first = guest(AUTO);
    new LiveDisplays().fill(first);
    try (ServerSocket taken = new ServerSocket(port(first), 1, InetAddress.getLoopbackAddress())) {
      XmlElement second = guest(AUTO);
      new LiveDisplays().fill(second);
      assertNotEquals(taken.getLocalPort(), port(second));
    }
  }

  @Test
  void aPortThatIsSaidStays() {
    XmlElement guest =
        guest("<graphics type='vnc' port='5999' autoport='no'><listen type='address'/></graphics>");
    new LiveDisplays().fill(guest);
    assertEquals(5999, port(guest));
  }
}
