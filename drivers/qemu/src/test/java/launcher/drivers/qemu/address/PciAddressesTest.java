package launcher.drivers.qemu.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import org.junit.jupiter.api.Test;

class PciAddressesTest {
  private static final String NIC = "<interface type='user'><model type='%s'/></interface>";

  @Test
  void pcHasItsDevicesOnOneBusBehindItsOwn() {
    Draft draft =
        Definitions.completed(
            "x86_64", "pc", NIC.formatted("e1000") + "<video><model type='vga'/></video>");

    assertEquals(List.of(), Definitions.refusals(draft));
    assertEquals(List.of("pci-root"), Definitions.controllers(draft));
    assertEquals(List.of("0000:00:02.0"), Definitions.pci(draft, "video"));
    assertEquals(List.of("0000:00:03.0"), Definitions.pci(draft, "interface"));
  }

  @Test
  void q35GetsAPortForEachDeviceAndOneToSpare() {
    Draft draft = Definitions.completed("x86_64", "q35", NIC.formatted("virtio"));

    // the card, the USB controller, the balloon
    assertEquals(
        List.of(
            "pcie-root", "pcie-root-port", "pcie-root-port", "pcie-root-port", "pcie-root-port"),
        Definitions.controllers(draft));
    assertEquals(List.of("0000:01:00.0"), Definitions.pci(draft, "interface"));
    assertEquals(
        "on",
        new Controllers(draft.devices())
            .find("pci", 1)
            .orElseThrow()
            .value("address/@multifunction", "off"));
  }

  @Test
  void conventionalDeviceOnExpressMachineGetsABridge() {
    Draft draft = Definitions.completed("x86_64", "q35", NIC.formatted("rtl8139"));

    assertEquals("pcie-to-pci-bridge", Definitions.controllers(draft).get(2));
    assertEquals(List.of("0000:02:01.0"), Definitions.pci(draft, "interface"));
  }

  @Test
  void whoBringsControllersGetsNoneToSpare() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "q35",
            "<controller type='pci' model='pcie-root'/><controller type='pci' model='pcie-root-port'/>"
                + "<controller type='usb' model='none'/><memballoon model='none'/>"
                + NIC.formatted("virtio"));

    assertEquals(List.of("pcie-root", "pcie-root-port"), Definitions.controllers(draft));
  }

  @Test
  void addressOfTheUserIsKept() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "pc",
            "<interface type='user'><model type='e1000'/><address type='pci' slot='9'/></interface>");

    assertEquals(List.of("0000:00:09.0"), Definitions.pci(draft, "interface"));
    assertEquals("0x09", Definitions.first(draft, "interface").value("address/@slot", ""));
  }

  @Test
  void refusesTwoDevicesInOnePlace() {
    String placed =
        "<interface type='user'><model type='e1000'/><address type='pci' slot='9'/></interface>";
    Draft draft = Definitions.completed("x86_64", "pc", placed + placed);

    assertEquals(
        List.of("PCI address 0000:00:09.0 is used by two devices"), Definitions.refusals(draft));
  }

  @Test
  void refusesAPlaceThatTakesNoDevices() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "q35",
            "<controller type='pci' index='0' model='pcie-root'/>"
                + "<controller type='pci' index='1' model='pcie-root-port'/>"
                + "<interface type='user'><model type='virtio'/>"
                + "<address type='pci' bus='1' slot='3'/></interface>");

    assertEquals(
        List.of("PCI address 0000:01:03.0: slot must be 0 to 0 on a pcie-root-port"),
        Definitions.refusals(draft));
  }

  @Test
  void partsOfAUsb2ControllerAreFunctionsOfOneSlot() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "pc",
            "<controller type='usb' model='ich9-ehci1'/><controller type='usb' model='ich9-uhci1'/>"
                + "<controller type='usb' model='ich9-uhci2'/><controller type='usb' model='ich9-uhci3'/>");

    List<String> places =
        new Controllers(draft.devices())
            .ofType("usb").stream()
                .map(c -> PciAddress.of(c).orElseThrow().toString())
                .sorted()
                .toList();
    assertEquals(List.of("0000:00:02.0", "0000:00:02.1", "0000:00:02.2", "0000:00:02.7"), places);
  }

  @Test
  void sixtyDisksOfAPcNeedBridges() {
    StringBuilder disks = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String name = "vd" + (i < 26 ? "" : (char) ('a' + i / 26 - 1)) + (char) ('a' + i % 26);
      disks.append(
          "<disk><source file='/d%d'/><target dev='%s' bus='virtio'/></disk>".formatted(i, name));
    }
    Draft draft = Definitions.completed("x86_64", "pc", disks.toString());

    assertEquals(List.of(), Definitions.refusals(draft));
    assertEquals(List.of("pci-root", "pci-bridge", "pci-bridge"), Definitions.controllers(draft));
    List<String> places = Definitions.pci(draft, "disk");
    assertEquals(60, places.stream().distinct().count());
    assertTrue(places.contains("0000:01:01.0"), places.toString());
  }

  @Test
  void refusesABusThatNoMachineCanNumberWithoutMakingBridgesForIt() {
    for (String bus : List.of("256", "65536", "2147483648", "4294967296", "18446744073709551615")) {
      Draft draft =
          Definitions.completed(
              "x86_64",
              "pc",
              "<rng model='virtio'><backend model='random'/><address type='pci' bus='%s' slot='1'/></rng>"
                  .formatted(bus));

      assertTrue(draft.refused(), bus);
      assertEquals(List.of("pci-root"), Definitions.controllers(draft));
    }
  }
}
