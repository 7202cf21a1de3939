package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.engine.run.DeviceMove;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine that was killed while a device was on its way: the next one asks QEMU what became of
 * it. A disk on USB comes and goes without the guest's help.
 */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class CutOffPlugIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>plug</name>
        <memory unit='MiB'>16</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/>
            <source file='DISK'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <controller type='usb' model='qemu-xhci'/>
          <serial type='pty'/>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;
  private String disk;

  @BeforeEach
  void start() throws IOException {
    String image = BootSector.disk(root).toString();
    Path second = Files.write(root.resolve("second.img"), new byte[1 << 20]);
    disk =
        """
        <disk type='file'>
          <driver name='qemu' type='raw'/><source file='%s'/><target dev='sdz' bus='usb'/>
        </disk>
        """
            .formatted(second);
    engine = new EngineOfTest(root);
    guest = engine.start(XML.replace("DISK", image));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private boolean known() {
    return guest.xml(XmlView.LIVE).contains("'sdz'");
  }

  private boolean there() {
    String command =
        "{\"execute\": \"qom-list\", \"arguments\": {\"path\": \"/machine/peripheral\"}}";
    boolean device = guest.monitor().command(command).contains("usb-disk25");
    boolean image = guest.monitor().humanCommand("info block").contains("usb-disk25");
    assertEquals(device, image);
    return device;
  }

  private void attach() {
    guest.devices().attach(disk);
    assertTrue(known() && there());
  }

  @Test
  void whatQemuHasGotIsTheGuests() throws IOException {
    String before = guest.xml(XmlView.LIVE);
    attach();
    guest = engine.cutOff(guest, before, new DeviceMove.In("usb-disk25", guest.xml(XmlView.LIVE)));
    assertTrue(known() && there());
    guest.devices().detach(disk);
    assertTrue(!known() && !there());
  }

  @Test
  void whatQemuHasNotGotIsTakenBack() throws IOException {
    String before = guest.xml(XmlView.LIVE);
    attach();
    String after = guest.xml(XmlView.LIVE);
    guest.devices().detach(disk);
    guest = engine.cutOff(guest, before, new DeviceMove.In("usb-disk25", after));
    assertTrue(!known() && !there());
    attach();
  }

  @Test
  void whatMayBeToldTwiceIsToldAgain() throws IOException {
    attachCard(1);
    String before = guest.xml(XmlView.LIVE);
    guest.changes().link("52:54:00:00:00:01", false, Scope.current(guest));
    String after = guest.xml(XmlView.LIVE);
    guest.changes().link("52:54:00:00:00:01", true, Scope.current(guest));
    assertTrue(guest.changes().linkUp("52:54:00:00:00:01", true));
    // whether QEMU had been told or not: the next engine tells it
    String arguments = "{\"name\":\"net0\",\"up\":false}";
    guest =
        engine.cutOff(
            guest, before, new DeviceMove.Told("link of net0", "set_link", arguments, after));
    assertFalse(guest.changes().linkUp("52:54:00:00:00:01", true));
    // what QEMU refuses has not happened
    guest =
        engine.cutOff(
            guest,
            before,
            new DeviceMove.Told("link of netX", "set_link", "{\"name\":\"netX\"}", after));
    assertTrue(guest.changes().linkUp("52:54:00:00:00:01", true));
  }

  private void attachCard(int number) {
    guest
        .devices()
        .attach(
            "<interface type='user'><mac address='52:54:00:00:00:0%d'/><model type='usb-net'/></interface>"
                .formatted(number));
  }

  @Test
  void aDeviceIsNamedAsNoOtherOneThatRuns() {
    for (int number = 1; number <= 3; number++) {
      attachCard(number);
    }
    guest.devices().detach("<interface><mac address='52:54:00:00:00:02'/></interface>");
    attachCard(4);
    List<String> names =
        guest.tree(XmlView.LIVE).childOrAdd("devices").children("interface").stream()
            .map(card -> card.value("mac/@address", "") + " " + card.value("alias/@name", ""))
            .toList();
    assertEquals(
        List.of("52:54:00:00:00:01 net0", "52:54:00:00:00:03 net2", "52:54:00:00:00:04 net1"),
        names);
  }

  @Test
  void whatTheGuestHasLetGoOfIsGone() throws IOException {
    attach();
    String with = guest.xml(XmlView.LIVE);
    guest.devices().detach(disk);
    guest = engine.cutOff(guest, with, new DeviceMove.Out("usb-disk25"));
    assertTrue(!known() && !there());
    attach();
  }
}
