package launcher.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HostDeviceStep;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.spawn.RecordingSpawner;
import launcher.spawn.RecordingSpawner.Answer;
import launcher.spawn.StandardInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How devices of the host change hands, and that they come back. */
final class HostDevicesTest {
  private static final String CARD = "0000:01:00.0";
  private static final String SOUND = "0000:01:00.1";
  private static final String WEB1 = "11111111-1111-1111-1111-111111111111";
  private static final String WEB2 = "22222222-2222-2222-2222-222222222222";

  @TempDir Path folder;
  private FakeKernel kernel;
  private Path memory;
  private HostDevices devices;

  @BeforeEach
  void host() throws IOException {
    kernel = new FakeKernel(Files.createDirectory(folder.resolve("host")));
    memory = folder.resolve("devices");
    kernel.device(CARD, "e1000e", "7");
    devices = engine();
  }

  private HostDevices engine() {
    return new HostDevices(kernel, new RecordingSpawner());
  }

  private HostDeviceStep detach(String user) {
    return new HostDeviceStep.DetachDevice(CARD, "vfio-pci", memory, user);
  }

  private HostDeviceStep claim(String guest, String user, boolean shared) {
    return new HostDeviceStep.ClaimDevice("PCI device", CARD, shared, guest, memory, user);
  }

  private HostDeviceStep check(String... own) {
    return new HostDeviceStep.CheckGroup(CARD, List.of(own), true, memory, WEB1);
  }

  private String refusal(HostDeviceStep step) {
    return String.valueOf(
        assertThrows(IOException.class, () -> devices.carryOut(step)).getMessage());
  }

  @Test
  void deviceIsTheGuestsAndThenTheHostsAgain() throws IOException {
    devices.carryOut(detach(WEB1));
    assertEquals("vfio-pci", kernel.boundTo(CARD));
    devices.undo(detach(WEB1));
    assertEquals("e1000e", kernel.boundTo(CARD));
    assertEquals(
        List.of(
            "driver_override = vfio-pci",
            "unbind = " + CARD,
            "drivers_probe = " + CARD,
            "driver_override = ",
            "unbind = " + CARD,
            "drivers_probe = " + CARD),
        kernel.written());
    devices.undo(detach(WEB1));
    assertEquals("e1000e", kernel.boundTo(CARD), "taking back twice changes nothing");
    assertEquals(6, kernel.written().size());
  }

  @Test
  void whoeverIsKilledMeanwhileTheNextEngineGivesItBack() throws IOException {
    for (int writes = 0; writes <= 6; writes++) {
      FakeKernel mortal = new FakeKernel(Files.createDirectory(folder.resolve("host" + writes)));
      mortal.writesUntilKilled(writes);
      mortal.device(CARD, "e1000e", "7");
      Path remembered = folder.resolve("devices" + writes);
      HostDeviceStep step = new HostDeviceStep.DetachDevice(CARD, "vfio-pci", remembered, WEB1);
      try {
        new HostDevices(mortal, new RecordingSpawner()).carryOut(step);
        new HostDevices(mortal, new RecordingSpawner()).undo(step);
      } catch (IOException killed) {
        assertEquals("killed", killed.getMessage());
      }
      new HostDevices(mortal, new RecordingSpawner()).undo(step);
      assertEquals("e1000e", mortal.boundTo(CARD), "killed at write " + writes);
      assertEquals("", new PciDevice(mortal, CARD).override());
    }
  }

  @Test
  void whatTheHostHadGivenAwayStaysSo() throws IOException {
    kernel.device("0000:02:00.0", "vfio-pci", "8");
    HostDeviceStep step = new HostDeviceStep.DetachDevice("0000:02:00.0", "vfio-pci", memory, WEB1);
    devices.carryOut(step);
    devices.undo(step);
    assertEquals("vfio-pci", kernel.boundTo("0000:02:00.0"));
    assertEquals(List.of(), kernel.written());
  }

  @Test
  void deviceWithoutDriverHasNoneAfterwards() throws IOException {
    kernel.device("0000:02:00.0", "", "8");
    HostDeviceStep step = new HostDeviceStep.DetachDevice("0000:02:00.0", "vfio-pci", memory, WEB1);
    devices.carryOut(step);
    assertEquals("vfio-pci", kernel.boundTo("0000:02:00.0"));
    devices.undo(step);
    assertEquals("", kernel.boundTo("0000:02:00.0"));
  }

  @Test
  void driverThatTakesNothingIsNamed() throws IOException {
    kernel.stubborn("vfio-pci");
    assertEquals(
        "driver 'vfio-pci' did not take it; the kernel's log (dmesg) may say why",
        refusal(detach(WEB1)));
    devices.undo(detach(WEB1));
    assertEquals("e1000e", kernel.boundTo(CARD));
  }

  @Test
  void missingDriverIsLoadedOrRefused() {
    HostDeviceStep step = new HostDeviceStep.DetachDevice(CARD, "mlx5_vfio_pci", memory, WEB1);
    RecordingSpawner spawner =
        new RecordingSpawner(command -> Answer.failing(1, "modprobe: FATAL: not found\n"));
    devices = new HostDevices(kernel, spawner);
    assertEquals(
        "this kernel has no PCI driver 'mlx5_vfio_pci': modprobe: FATAL: not found", refusal(step));
    assertEquals(1, spawner.lines().size());
    assertTrue(spawner.lines().getFirst().endsWith("modprobe -b -- mlx5_vfio_pci"));
    assertEquals("e1000e", kernel.boundTo(CARD), "nothing was touched");
    HostDeviceStep hostile = new HostDeviceStep.DetachDevice(CARD, "../../../etc", memory, WEB1);
    assertEquals("'../../../etc' cannot be the name of a driver", refusal(hostile));
  }

  @Test
  void driverThatDoesNotTakeItBackIsReportedAndTriedAgain() throws IOException {
    devices.carryOut(detach(WEB1));
    kernel.stubborn("e1000e");
    assertEquals(
        "its driver 'e1000e' did not take it back; the kernel's log (dmesg) may say why",
        assertThrows(IOException.class, () -> devices.undo(detach(WEB1))).getMessage());
    kernel.stubborn("");
    // another guest gets it next, and it comes back to what it was before the first
    devices.carryOut(detach(WEB2));
    devices.undo(detach(WEB1));
    assertEquals("vfio-pci", kernel.boundTo(CARD), "it is the other guest's now");
    devices.undo(detach(WEB2));
    assertEquals("e1000e", kernel.boundTo(CARD));
  }

  @Test
  void guestThatHasItIsNamed() throws IOException {
    devices.carryOut(claim("web1", WEB1, false));
    devices.carryOut(claim("web1", WEB1, false));
    assertEquals("it is used by guest 'web1'", refusal(claim("web2", WEB2, false)));
    devices.undo(claim("web2", WEB2, false));
    assertEquals(
        "it is used by guest 'web1'",
        refusal(claim("web2", WEB2, false)),
        "the refused one took nothing back");
    devices.undo(claim("web1", WEB1, false));
    devices.carryOut(claim("web2", WEB2, false));
  }

  @Test
  void thoseWhoShareShareAmongThemselves() throws IOException {
    devices.carryOut(claim("web1", WEB1, true));
    devices.carryOut(claim("web2", WEB2, true));
    devices.undo(claim("web1", WEB1, true));
    assertEquals(
        "it is used by guest 'web2', and only guests that all have <shareable/> there can share it",
        refusal(claim("web1", WEB1, false)));
  }

  @Test
  void claimEndsWithTheBoot() throws IOException {
    devices.carryOut(claim("web1", WEB1, false));
    kernel.boot("b");
    devices.carryOut(claim("web2", WEB2, false));
  }

  @Test
  void groupMustBeTheGuestsAsAWhole() throws IOException {
    kernel.device(SOUND, "snd_hda_intel", "7");
    assertEquals(
        "the host cannot keep it apart from '0000:01:00.1' (IOMMU group 7), which is bound to driver 'snd_hda_intel': give the guest that one too, or take it from its driver first (launcher nodedev-detach pci_0000_01_00_1)",
        refusal(check(CARD)));
    devices.carryOut(check(CARD, SOUND));
    devices.carryOut(
        new HostDeviceStep.ClaimDevice("PCI device", SOUND, false, "web2", memory, WEB2));
    assertEquals(
        "the host cannot keep it apart from '0000:01:00.1' (IOMMU group 7), which guest 'web2' uses",
        refusal(check(CARD)));
  }

  @Test
  void bridgesAndDevicesWithoutDriverAreNoNeighbours() throws IOException {
    kernel.device("0000:00:01.0", "pcieport", "7");
    Files.writeString(kernel.pci("0000:00:01.0").resolve("class"), "0x060400\n");
    kernel.device(SOUND, "", "7");
    devices.carryOut(check(CARD));
    assertEquals(
        "it is a bridge, which no guest can have",
        refusal(
            new HostDeviceStep.CheckGroup(
                "0000:00:01.0", List.of("0000:00:01.0"), true, memory, WEB1)));
  }

  @Test
  void hostWithoutIommuSaysSo() throws IOException {
    Files.delete(kernel.pci(CARD).resolve("iommu_group"));
    assertTrue(refusal(check(CARD)).contains("no IOMMU group"));
    assertEquals(
        "the host has no such device",
        refusal(new HostDeviceStep.CheckGroup("0000:09:00.0", List.of(), true, memory, WEB1)));
  }

  @Test
  void diskOfTheHostIsNotGivenAway() throws IOException {
    Path disk =
        Files.createDirectories(kernel.pci(CARD).resolve("nvme/nvme0/block/nvme0n1/nvme0n1p1"));
    Files.writeString(disk.resolve("dev"), "259:1\n");
    devices.carryOut(check(CARD));
    Files.writeString(
        kernel.process("self/mountinfo"), "21 1 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw\n");
    assertEquals(
        "the host needs it: its disk 'nvme0n1p1' is mounted on '/srv'", refusal(check(CARD)));
    Files.writeString(kernel.process("self/mountinfo"), "");
    Files.createDirectories(disk.resolve("holders/dm-0"));
    assertEquals("the host needs it: its disk 'nvme0n1p1' is part of 'dm-0'", refusal(check(CARD)));
  }

  @Test
  void unmanagedDeviceMustBeReady() throws IOException {
    HostDeviceStep step = new HostDeviceStep.RequireVfio(CARD, memory, WEB1);
    assertEquals(
        "it is bound to driver 'e1000e' and not to vfio-pci: give it managed='yes', or run 'launcher nodedev-detach pci_0000_01_00_0' first",
        refusal(step));
    devices.carryOut(detach(WEB1));
    devices.carryOut(step);
  }

  @Test
  void mediatedDeviceMustBeThere() throws IOException {
    String uuid = "c2177883-f1bb-47f0-914d-32a22e3a8804";
    HostDeviceStep step = new HostDeviceStep.RequireMediated(uuid, memory, WEB1);
    assertTrue(refusal(step).startsWith("the host has no such mediated device"));
    Files.createDirectories(kernel.path("bus", "mdev", "devices", uuid));
    devices.carryOut(step);
  }

  @Test
  void virtualFunctionGetsItsAddressAndLosesIt() throws IOException {
    kernel.device("0000:01:10.2", "igbvf", "9");
    Path physical = kernel.pci(CARD);
    Files.createSymbolicLink(kernel.pci("0000:01:10.2").resolve("physfn"), physical);
    Files.createDirectories(physical.resolve("net/eth0"));
    Files.createSymbolicLink(physical.resolve("virtfn1"), kernel.pci("0000:01:10.2"));
    String reply =
        """
        [{"ifname":"eth0","vfinfo_list":[{"vf":0,"address":"52:54:00:00:00:01","vlan_list":[{}]},
        {"vf":1,"address":"00:00:00:00:00:00","vlan_list":[{"vlan":7}]}]}]\
        """;
    RecordingSpawner spawner =
        new RecordingSpawner(
            command -> command.words().contains("-json") ? Answer.printing(reply) : Answer.SILENT);
    HostDevices host = new HostDevices(kernel, spawner);
    HostDeviceStep step =
        new HostDeviceStep.SetFunction(
            "0000:01:10.2", "52:54:00:aa:bb:cc", Optional.of(42), memory, WEB1);
    host.carryOut(step);
    host.undo(step);
    host.undo(step);
    List<String> told =
        spawner.commands().stream()
            .map(command -> command.streams().input())
            .filter(StandardInput.Fed.class::isInstance)
            .map(input -> ((StandardInput.Fed) input).bytes().text())
            .toList();
    assertEquals(
        List.of(
            "link set dev eth0 vf 1 mac 52:54:00:aa:bb:cc vlan 42\n",
            "link set dev eth0 vf 1 mac 02:00:00:00:00:00 vlan 7\n"),
        told);
    assertEquals(
        "it is no virtual function of a network card (SR-IOV), and only those get their hardware address from the host: use <hostdev> instead of <interface type='hostdev'>",
        refusal(
            new HostDeviceStep.SetFunction(
                CARD, "52:54:00:aa:bb:cc", Optional.empty(), memory, WEB1)));
  }

  @Test
  void setAsideByHandAndGivenBack() throws IOException {
    NodeDeviceActs acts = new NodeDeviceActs(kernel, memory, new RecordingSpawner());
    acts.detach(CARD, Optional.empty());
    assertEquals("vfio-pci", kernel.boundTo(CARD));
    devices.carryOut(new HostDeviceStep.RequireVfio(CARD, memory, WEB1));
    devices.carryOut(claim("web1", WEB1, false));
    assertEquals(
        "it is used by guest 'web1'",
        assertThrows(IOException.class, () -> acts.reattach(CARD)).getMessage());
    devices.undo(claim("web1", WEB1, false));
    acts.reattach(CARD);
    assertEquals("e1000e", kernel.boundTo(CARD));
    assertEquals(
        "it has no way to be reset",
        assertThrows(IOException.class, () -> acts.reset(CARD)).getMessage());
  }

  @Test
  void managedGuestLeavesADeviceSetAside() throws IOException {
    NodeDeviceActs acts = new NodeDeviceActs(kernel, memory, new RecordingSpawner());
    acts.detach(CARD, Optional.empty());
    devices.carryOut(detach(WEB1));
    devices.undo(detach(WEB1));
    assertEquals("vfio-pci", kernel.boundTo(CARD));
    acts.reattach(CARD);
    assertEquals("e1000e", kernel.boundTo(CARD));
  }

  @Test
  void devicesAreListedAndDescribedAsLibvirtDoes() throws IOException {
    Files.writeString(kernel.pci(CARD).resolve("vendor"), "0x8086\n");
    Files.writeString(kernel.pci(CARD).resolve("device"), "0x10d3\n");
    Path mouse = Files.createDirectories(kernel.path("bus", "usb", "devices", "1-1.2"));
    for (String line :
        List.of(
            "busnum 1", "devnum 12", "idVendor 0627", "idProduct 0001", "product QEMU USB Mouse")) {
      String[] words = line.split(" ", 2);
      Files.writeString(mouse.resolve(words[0]), words[1] + "\n");
    }
    NodeDeviceList list = new NodeDeviceList(kernel);
    assertEquals(
        List.of(
            new NodeDeviceList.Entry("pci_0000_01_00_0", "pci", CARD, "computer"),
            new NodeDeviceList.Entry("usb_1_1_2", "usb_device", "1-1.2", "computer")),
        list.all());
    XmlElement card = list.describe(list.all().getFirst());
    assertEquals("e1000e", card.value("driver/name", ""));
    assertEquals("0x10d3", card.value("capability/product/@id", ""));
    assertEquals("1", card.value("capability/bus", ""));
    assertEquals("7", card.value("capability/iommuGroup/@number", ""));
    XmlElement usb = list.describe(list.all().getLast());
    assertEquals("/dev/bus/usb/001/012", usb.value("devnode", ""));
    assertEquals("QEMU USB Mouse", usb.value("capability/product", ""));
  }

  private static XmlElement usb(String inside) {
    return XmlReader.read(
        "usb.xml",
        "<domain><devices><hostdev type='usb'>" + inside + "</hostdev></devices></domain>");
  }

  @Test
  void usbDeviceIsFoundByItsKind() throws IOException {
    for (String name : List.of("1-1", "1-2")) {
      Path folder = Files.createDirectories(kernel.path("bus", "usb", "devices", name));
      Files.writeString(folder.resolve("busnum"), "1\n");
      Files.writeString(folder.resolve("devnum"), name.substring(2) + "\n");
      Files.writeString(folder.resolve("idVendor"), "1234\n");
      Files.writeString(folder.resolve("idProduct"), name.equals("1-1") ? "0001\n" : "0002\n");
    }
    UsbDevices usb = new UsbDevices(kernel);
    XmlElement one = usb("<source><vendor id='0x1234'/><product id='0x0002'/></source>");
    usb.fill(one, false);
    assertEquals("2", one.value("devices/hostdev/source/address/@device", ""));
    XmlElement both = usb("<source><vendor id='0x1234'/></source>");
    assertTrue(
        String.valueOf(
                assertThrows(EngineException.class, () -> usb.fill(both, false)).getMessage())
            .startsWith("the host has 2 USB devices 1234:"));
    XmlElement none = usb("<source><vendor id='0x1234'/><product id='0x0009'/></source>");
    assertEquals(
        "the host has no USB device 1234:0009",
        assertThrows(EngineException.class, () -> usb.fill(none, false)).getMessage());
    XmlElement optional =
        usb(
            "<source startupPolicy='optional'><vendor id='0x1234'/><product id='0x0009'/></source>");
    usb.fill(optional, false);
    assertEquals(List.of(), optional.at("devices").orElseThrow().children());
  }
}
