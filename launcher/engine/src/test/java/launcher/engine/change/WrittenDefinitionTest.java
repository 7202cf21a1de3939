package launcher.engine.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

final class WrittenDefinitionTest {
  private static final String TEXT =
      """
      <?xml version="1.0"?>
      <!-- <domain> in a comment -->
      <domain type="qemu">
        <name>a</name> <!-- </domain> -->
        <vcpu current="1" >2</vcpu>
        <description><![CDATA[</devices>]]></description>
        <devices>
          <disk type='file'>
            <source file='a > b.img'/> <!-- kept -->
            <target dev='vda'/>
          </disk>
          <serial type='pty'/>
        </devices>
      </domain>
      """;

  private final WrittenDefinition definition = new WrittenDefinition(TEXT);

  private static XmlElement device(String xml) {
    return XmlReader.read("device.xml", xml);
  }

  @Test
  void addsADeviceBehindTheOthersAndTakesItAwayAgain() {
    definition.addDevice(device("<disk type='block'><target dev='vdb'/></disk>"));
    assertEquals(
        TEXT.replace(
            "    <serial type='pty'/>\n",
            """
                <serial type='pty'/>
                <disk type='block'>
                  <target dev='vdb'/>
                </disk>
            """),
        definition.text());
    assertEquals(2, definition.devices("disk"));
    assertTrue(definition.removeDevice("disk", 1));
    assertEquals(TEXT, definition.text());
    assertFalse(definition.removeDevice("disk", 1));
  }

  @Test
  void replacesADeviceAlone() {
    definition.replaceDevice("serial", 0, device("<serial type='null'/>"));
    assertEquals(TEXT.replace("type='pty'", "type='null'"), definition.text());
  }

  @Test
  void changesChildrenOfTheDomain() {
    definition.child("vcpu", "8");
    definition.attribute("vcpu", "current", Optional.of("4"));
    assertEquals(TEXT.replace("<vcpu current=\"1\" >2", "<vcpu current='4' >8"), definition.text());
    definition.attribute("vcpu", "current", Optional.empty());
    assertTrue(definition.text().contains("<vcpu >8</vcpu>"), definition.text());
  }

  @Test
  void addsWhatIsNotThereAndRemovesIt() {
    definition.child("title", "a < b & 'c'");
    assertEquals(
        TEXT.replace("\n</domain>", "\n  <title>a &lt; b &amp; 'c'</title>\n</domain>"),
        definition.text());
    definition.removeChild("title");
    assertEquals(TEXT, definition.text());
    definition.child("description", "two\nlines");
    assertEquals("two\nlines", device(definition.text()).value("description", ""));
  }

  @Test
  void makesRoomInEmptyElements() {
    WrittenDefinition empty = new WrittenDefinition("<domain><devices/></domain>");
    empty.addDevice(device("<serial type='pty'/>"));
    empty.attribute("vcpu", "current", Optional.of("it's"));
    XmlElement read = device(empty.text());
    assertEquals("pty", read.value("devices/serial/@type", ""));
    assertEquals("it's", read.value("vcpu/@current", ""));
  }
}
