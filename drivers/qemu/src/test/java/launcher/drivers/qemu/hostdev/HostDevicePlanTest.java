package launcher.drivers.qemu.hostdev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HostDeviceStep;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

/** What is done on the host for the devices that a guest gets of it. */
final class HostDevicePlanTest {
  private static final Path MEMORY = Path.of("/run/launcher/devices");

  private static List<Step> steps(String devices) {
    XmlElement live =
        XmlReader.read(
            "web.xml",
            "<domain><name>web</name><uuid>u</uuid><devices>" + devices + "</devices></domain>");
    return HostDevicePlan.of(live, HostDevicePlan.devices(live), MEMORY);
  }

  private static List<String> words(String devices) {
    return steps(devices).stream().map(Step::words).toList();
  }

  private static String pci(String managed, String slot) {
    return "<hostdev mode='subsystem' type='pci' managed='%s'><source><address domain='0x0' bus='0x1' slot='%s' function='0x1'/></source></hostdev>"
        .formatted(managed, slot);
  }

  @Test
  void allIsCheckedBeforeAnythingIsTaken() {
    assertEquals(
        List.of(
            "claim PCI device '0000:01:1f.1'",
            "claim PCI device '0000:01:02.1'",
            "check IOMMU group of PCI device '0000:01:1f.1'",
            "check IOMMU group of PCI device '0000:01:02.1'",
            "find driver of PCI device '0000:01:02.1'",
            "detach PCI device '0000:01:1f.1'"),
        words(pci("yes", "0x1f") + pci("no", "0x02")));
  }

  @Test
  void driverIsTheOneThatTheDefinitionNames() {
    String device =
        pci("yes", "0x1f").replace("<source>", "<driver model='mlx5_vfio_pci'/><source>");
    assertEquals(
        new HostDeviceStep.DetachDevice("0000:01:1f.1", "mlx5_vfio_pci", MEMORY, "u"),
        steps(device).getLast());
  }

  @Test
  void namespacesOfOneControllerAreOneDevice() {
    String disk =
        "<disk type='nvme'><driver model='x'/><source type='pci' managed='yes' namespace='%d'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></disk>";
    List<Step> steps = steps(disk.formatted(1) + disk.formatted(2));
    assertEquals(3, steps.size());
    assertEquals(
        new HostDeviceStep.DetachDevice("0000:01:00.0", "vfio-pci", MEMORY, "u"), steps.getLast());
  }

  @Test
  void cardsGetTheirAddressAfterAllElse() {
    String card =
        "<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/><source><address type='pci' domain='0' bus='1' slot='0x10' function='2'/></source><vlan><tag id='42'/></vlan></interface>";
    assertEquals(
        new HostDeviceStep.SetFunction(
            "0000:01:10.2", "52:54:00:00:00:01", Optional.of(42), MEMORY, "u"),
        steps(card).getLast());
  }

  @Test
  void otherDevicesAreOneGuestsToo() {
    assertEquals(
        List.of(
            "claim USB device '001/012'",
            "claim SCSI device 'scsi_host2:0:1:3'",
            "claim mediated device 'c2177883-f1bb-47f0-914d-32a22e3a8804'",
            "find USB device '/dev/bus/usb/001/012'",
            "find mediated device 'c2177883-f1bb-47f0-914d-32a22e3a8804'"),
        words(
            """
            <hostdev type='usb'><source><address bus='1' device='12'/></source></hostdev>
            <hostdev type='scsi'><source><adapter name='scsi_host2'/><address bus='0' target='1' unit='3'/></source></hostdev>
            <hostdev type='mdev'><source><address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>
            """));
  }
}
