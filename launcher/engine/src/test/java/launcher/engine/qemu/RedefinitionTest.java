package launcher.engine.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

/** Hardware that stays the same when a guest is defined anew. */
final class RedefinitionTest {
  private static List<String> slots(XmlElement tree, String device) {
    return tree.childOrAdd("devices").children(device).stream()
        .map(found -> found.value("address/@function", "none"))
        .toList();
  }

  @Test
  void devicesThatAreWrittenAlikeHaveATwinEach() {
    XmlElement before =
        XmlReader.read(
            "before.xml",
            """
            <domain><os><type machine='pc-q35-7.2'/></os><devices>
              <controller type='pci' model='pcie-root' index='0'/>
              <controller type='pci' model='pcie-root-port' index='1'>
                <address type='pci' slot='0x01' function='0x0'/>
              </controller>
              <controller type='pci' model='pcie-root-port' index='2'>
                <address type='pci' slot='0x01' function='0x1'/>
              </controller>
            </devices></domain>
            """);
    XmlElement after =
        XmlReader.read(
            "after.xml",
            """
            <domain><os><type machine='q35'/></os><devices>
              <controller type='pci' model='pcie-root'/>
              <controller type='pci' model='pcie-root-port'/>
              <controller type='pci' model='pcie-root-port'/>
              <controller type='pci' model='pcie-root-port'/>
            </devices></domain>
            """);
    Redefinition.keep(after, before);
    assertEquals(List.of("none", "0x0", "0x1", "none"), slots(after, "controller"));
    assertEquals("pc-q35-7.2", after.value("os/type/@machine", ""));
  }
}
