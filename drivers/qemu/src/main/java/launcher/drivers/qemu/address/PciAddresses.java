package launcher.drivers.qemu.address;

import java.util.List;
import java.util.OptionalInt;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/**
 * Gives every PCI device its place and adds the controllers that takes.
 *
 * <p>A trial finds out which controllers are missing; they join the definition, and a second pass
 * over the fixed set of buses writes the addresses.
 */
public final class PciAddresses {
  private final Draft draft;
  private final XmlElement devices;
  private final Controllers controllers;
  private final PciNeeds needs;
  private final PciGrowth growth;

  private PciAddresses(Draft draft) {
    this.draft = draft;
    this.devices = draft.devices();
    this.controllers = new Controllers(devices);
    this.needs = new PciNeeds(draft.machine().pcieRoot());
    this.growth =
        new PciGrowth(draft.machine().pseries(), draft.capabilities().has("pcie-pci-bridge"));
  }

  /** Completes a draft, or refuses it where a device has no place. */
  public static void complete(Draft draft) {
    try {
      new PciAddresses(draft).complete();
    } catch (AddressException e) {
      draft.refuse(e.device(), e.problem());
    }
  }

  private void complete() {
    int count = highestIndex() + 1;
    if (!hasPci(draft.machine())) {
      return;
    }
    if (count == 0) {
      refuseAll();
      return;
    }
    if (controllers.find("pci", 0).isEmpty()) {
      controllers.add("pci", 0, draft.machine().pcieRoot() ? "pcie-root" : "pci-root");
    }
    int grown = trial(count);
    PciPass pass = new PciPass(devices, draft.machine(), needs, growth, grown, true);
    pass.takeFixed();
    pass.assign();
    pass.markMultifunction();
    PciControllers.complete(draft);
  }

  private void refuseAll() {
    for (XmlElement device : PciOrder.of(devices)) {
      if (needs.of(device).isPresent() && PciAddress.isWanted(device)) {
        draft.refuse(device, "no PCI buses available for a <%s>".formatted(device.name()));
      }
    }
  }

  // Most boards with ARM have no PCI, whatever controllers the definition names.
  private static boolean hasPci(Machine machine) {
    return !machine.arm()
        || machine.armVirt()
        || machine.name().equals("versatilepb")
        || machine.name().startsWith("realview-eb");
  }

  private int highestIndex() {
    return controllers.ofType("pci").stream().mapToInt(Controllers::indexOf).max().orElse(-1);
  }

  private int trial(int count) {
    PciPass trial = new PciPass(devices, draft.machine(), needs, growth, count, false);
    PciBuses buses = trial.buses();
    trial.takeFixed();
    if (buses.bus(0).model() == PciModel.PCI_ROOT && !buses.isFull()) {
      // one slot for the bridge that the next device may need
      buses.takeNext(PciNeed.PCI, -1, devices);
    }
    trial.assign();
    // Who leaves all PCI Express controllers to us gets one free port, to plug something in later.
    if (count == 1 && buses.count() > 1 && draft.machine().pcieRoot()) {
      trial.spare();
    }
    for (int index = 1; index < buses.count(); index++) {
      PciModel model = buses.bus(index).model();
      if (controllers.addMissing("pci", index, model.word()) && model.need().isPresent()) {
        XmlElement added = controllers.find("pci", index).orElseThrow();
        trial.assign(added, model.need().get());
      }
    }
    return buses.count();
  }

  /** The index of the bus a PCI device sits on, none when it sits on none. */
  static OptionalInt bus(XmlElement device) {
    return PciAddress.of(device).map(a -> OptionalInt.of(a.bus())).orElse(OptionalInt.empty());
  }

  /** Addresses in their usual form everywhere, host devices' sources included. */
  public static void normalize(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      for (XmlElement address : device.children("address")) {
        normalizePci(address);
      }
      device.at("source/address").ifPresent(PciAddresses::normalizePci);
    }
  }

  private static void normalizePci(XmlElement address) {
    List<String> parts = List.of("domain", "bus", "slot", "function");
    boolean pci = address.is("type", "pci") || isHostPci(address);
    if (pci && parts.stream().anyMatch(address::has)) {
      PciAddress.normalize(address);
    }
  }

  // the source of a host device does not say of what type its address is
  private static boolean isHostPci(XmlElement address) {
    return address
        .parent()
        .filter(p -> p.name().equals("source"))
        .flatMap(XmlElement::parent)
        .filter(d -> d.is("type", "pci") || d.is("type", "nvme"))
        .isPresent();
  }
}
