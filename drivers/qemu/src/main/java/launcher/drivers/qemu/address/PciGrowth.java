package launcher.drivers.qemu.address;

import java.util.Collections;
import java.util.List;

/**
 * Which controllers are added when a device finds no slot.
 *
 * @param severalRoots whether the machine can have more than one pci-root (pSeries)
 * @param pcieToPci whether QEMU has the pcie-to-pci-bridge; older ones need a dmi-to-pci-bridge
 */
record PciGrowth(boolean severalRoots, boolean pcieToPci) {

  /** Adds buses, such that there is one of that index and a device of that need has a slot. */
  void grow(PciBuses buses, int index, PciNeed need) {
    int wanted = index - buses.count() + 1;
    if (wanted <= 0) {
      return;
    }
    for (PciModel model : models(buses.all(), need, wanted)) {
      buses.add(new PciBus(model));
    }
  }

  private List<PciModel> models(List<PciBus> present, PciNeed need, int wanted) {
    return switch (need.plug()) {
      case PCI_DEVICE -> conventional(present, wanted);
      case PCI_BRIDGE ->
          present.getFirst().model() == PciModel.PCIE_ROOT
              ? repeat(PciModel.DMI_TO_PCI_BRIDGE, wanted)
              : List.of();
      case PCIE_DEVICE, PCIE_SWITCH_UPSTREAM_PORT, PCIE_TO_PCI_BRIDGE ->
          present.getFirst().model() == PciModel.PCIE_ROOT
              ? repeat(PciModel.PCIE_ROOT_PORT, wanted)
              : List.of();
      case PCIE_SWITCH_DOWNSTREAM_PORT,
          PCI_EXPANDER_BUS,
          PCIE_EXPANDER_BUS,
          DMI_TO_PCI_BRIDGE,
          PCIE_ROOT_PORT ->
          List.of();
    };
  }

  private List<PciModel> conventional(List<PciBus> present, int wanted) {
    if (severalRoots) {
      return repeat(PciModel.PCI_ROOT, wanted);
    }
    if (present.stream().anyMatch(b -> b.model().accepts().contains(PciPlug.PCI_BRIDGE))) {
      return repeat(PciModel.PCI_BRIDGE, wanted);
    }
    return pcieToPci
        ? List.of(PciModel.PCIE_ROOT_PORT, PciModel.PCIE_TO_PCI_BRIDGE)
        : List.of(PciModel.DMI_TO_PCI_BRIDGE, PciModel.PCI_BRIDGE);
  }

  private static List<PciModel> repeat(PciModel model, int times) {
    return Collections.nCopies(times, model);
  }
}
