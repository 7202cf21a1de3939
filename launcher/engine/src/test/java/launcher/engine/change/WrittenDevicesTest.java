package launcher.engine.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

final class WrittenDevicesTest {
  private static List<XmlElement> devices(String name, String xml) {
    return XmlReader.read("devices.xml", "<devices>" + xml + "</devices>").children(name);
  }

  private static List<Integer> places(String name, String written, String completed) {
    List<XmlElement> text = devices(name, written);
    return devices(name, completed).stream().map(d -> WrittenDevices.place(text, d)).toList();
  }

  @Test
  void aDiskIsToldByItsTarget() {
    assertEquals(
        List.of(0, 2, 1),
        places(
            "disk",
            "<disk><target dev='vda'/></disk><disk><target dev='sda'/></disk><disk><target dev='vdb'/></disk>",
            "<disk><target dev='vda' bus='virtio'/></disk><disk><target dev='vdb' bus='virtio'/></disk>"
                + "<disk><target dev='sda' bus='sata'/></disk>"));
  }

  @Test
  void aControllerThatCompletionAddedIsNotWritten() {
    assertEquals(
        List.of(-1, -1, 1, 0),
        places(
            "controller",
            "<controller type='virtio-serial'/><controller type='scsi' index='0' model='virtio-scsi'/>",
            "<controller type='usb' index='0' model='piix3-uhci'/><controller type='pci' index='0' model='pci-root'/>"
                + "<controller type='scsi' index='0' model='virtio-scsi'/><controller type='virtio-serial' index='0'/>"));
  }

  @Test
  void devicesThatReadAlikeAreInTheirOrder() {
    assertEquals(
        List.of(1, 0, 2),
        places(
            "interface",
            "<interface type='user'/><interface type='user'><mac address='52:54:00:AA:00:01'/></interface>"
                + "<interface type='user'/>",
            "<interface type='user'><mac address='52:54:00:aa:00:01'/></interface>"
                + "<interface type='user'><mac address='52:54:00:00:00:02'/></interface>"
                + "<interface type='user'><mac address='52:54:00:00:00:03'/></interface>"));
  }

  @Test
  void numbersAreReadAsNumbersAndWhatIsWrittenInMoreWordsChoosesFirst() {
    assertEquals(
        List.of(1, 0),
        places(
            "serial",
            "<serial type='pty'/><serial type='pty'><target port='0x0'/></serial>",
            "<serial type='pty'><target port='0'/></serial><serial type='pty'><target port='1'/></serial>"));
  }

  @Test
  void whatCompletionSaysOtherwiseIsStillFoundByItsKind() {
    assertEquals(
        List.of(1, 0),
        places(
            "input",
            "<input type='tablet' bus='usb'/><input type='mouse'><driver iommu='maybe'/></input>",
            "<input type='mouse' bus='ps2'/><input type='tablet' bus='usb'/>"));
  }
}
