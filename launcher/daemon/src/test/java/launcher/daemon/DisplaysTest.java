package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

class DisplaysTest {
  private static List<String> of(String graphics) {
    String xml = "<domain><devices>" + graphics + "</devices></domain>";
    return Displays.of(XmlReader.read("guest.xml", xml), true);
  }

  @Test
  void aPortAndASocketAreBothPlaces() {
    assertEquals(
        List.of("vnc://127.0.0.1:1", "vnc+unix:///run/a.vnc", "spice+unix:///run/a.spice"),
        of(
            "<graphics type='vnc' port='5901' listen='127.0.0.1'/>"
                + "<graphics type='vnc'><listen type='socket' socket='/run/a.vnc'/></graphics>"
                + "<graphics type='spice'><listen type='socket' socket='/run/a.spice'/></graphics>"));
  }

  @Test
  void whatHasNoPlaceYetIsNone() {
    assertEquals(List.of(), of("<graphics type='vnc' port='-1'/><graphics type='sdl'/>"));
  }
}
