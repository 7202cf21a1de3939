package launcher.drivers.qemu.address;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.schemas.XmlElement;

/** One pass of giving out PCI addresses: the places named by the user, then the free ones. */
final class PciPass {
  private final XmlElement devices;
  private final Machine machine;
  private final PciNeeds needs;
  private final PciBuses buses;
  private final boolean writes;
  private final Map<Integer, PciAddress> usb2 = new HashMap<>();

  /**
   * A pass over a definition's {@code <devices>}.
   *
   * @param count number of buses to begin with
   * @param writes whether addresses are written; a pass that does not may add buses instead
   */
  PciPass(
      XmlElement devices,
      Machine machine,
      PciNeeds needs,
      PciGrowth growth,
      int count,
      boolean writes) {
    this.devices = devices;
    this.machine = machine;
    this.needs = needs;
    this.buses = new PciBuses(!writes, growth);
    this.writes = writes;
    fill(count, growth);
  }

  PciBuses buses() {
    return buses;
  }

  private void fill(int count, PciGrowth growth) {
    PciModel missing =
        machine.pcieRoot()
            ? PciModel.PCIE_ROOT_PORT
            : growth.severalRoots() ? PciModel.PCI_ROOT : PciModel.PCI_BRIDGE;
    for (int i = 0; i < count; i++) {
      buses.add(new PciBus(i == 0 ? PciModel.PCI_ROOT : missing));
    }
    for (XmlElement controller : new Controllers(devices).ofType("pci")) {
      int index = Controllers.indexOf(controller);
      PciModel model =
          PciModel.of(controller.attribute("model", ""))
              .orElseThrow(() -> new AddressException(controller, "PCI controller without model"));
      buses.set(index, new PciBus(model));
    }
  }

  /** Takes the places that the user named and those of the machine's own functions. */
  void takeFixed() {
    for (XmlElement device : PciOrder.of(devices)) {
      Optional<PciAddress> address = PciAddress.of(device);
      if (address.isPresent() && !PciChipset.isOwn(machine, device)) {
        buses.take(address.get(), needs.of(device).orElse(PciNeed.PCI), device);
      }
    }
    PciChipset.take(machine, devices, buses, needs);
  }

  /** Gives a place to every device that wants one. */
  void assign() {
    for (XmlElement device : PciOrder.of(devices)) {
      if (PciAddress.isWanted(device)) {
        needs.of(device).ifPresent(need -> assign(device, need));
      }
    }
  }

  /** Takes a place for nobody, so that there is a free slot to plug something into. */
  void spare() {
    buses.takeNext(PciNeed.PCIE, -1, devices);
  }

  /** Gives a place to a device. */
  void assign(XmlElement device, PciNeed need) {
    String model = device.attribute("model", "");
    if (device.is("type", "usb") && UsbModel.isUsb2(model)) {
      assignUsb2(device, need, UsbModel.function(model));
    } else {
      write(device, buses.takeNext(need, -1, device));
    }
  }

  // The parts of a USB 2 controller are functions of one slot, each at its own number.
  private void assignUsb2(XmlElement part, PciNeed need, int function) {
    int index = Controllers.indexOf(part);
    Optional<PciAddress> sibling = sibling(part, index);
    PciAddress place;
    if (sibling.isPresent()) {
      PciAddress s = sibling.get();
      place = new PciAddress(s.domain(), s.bus(), s.slot(), function);
      buses.take(place, need, part);
    } else {
      place = buses.takeNext(need, function, part);
    }
    usb2.put(index, place);
    write(part, place);
    if (writes && function == 0) {
      part.childOrAdd("address").set("multifunction", "on");
    }
  }

  private Optional<PciAddress> sibling(XmlElement part, int index) {
    if (usb2.containsKey(index)) {
      return Optional.of(usb2.get(index));
    }
    return new Controllers(devices)
        .ofType("usb").stream()
            .filter(c -> c != part && UsbModel.isUsb2(c.attribute("model", "")))
            .filter(c -> Controllers.index(c).equals(OptionalInt.of(index)))
            .flatMap(c -> PciAddress.of(c).stream())
            .findFirst();
  }

  private void write(XmlElement device, PciAddress address) {
    if (writes) {
      address.writeTo(device);
    }
  }

  /** Says {@code multifunction='on'} at function 0 of every slot with several functions. */
  void markMultifunction() {
    List<XmlElement> all = PciOrder.of(devices);
    for (XmlElement device : all) {
      Optional<PciAddress> address = PciAddress.of(device);
      if (address.isPresent()
          && address.get().function() == 0
          && buses.bus(address.get().bus()).hasSeveral(address.get().slot())) {
        device.childOrAdd("address").setDefault("multifunction", "on");
      }
    }
  }
}
