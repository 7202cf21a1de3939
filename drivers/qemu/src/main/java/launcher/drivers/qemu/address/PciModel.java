package launcher.drivers.qemu.address;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The models of PCI controllers: what plugs into them, and what they plug into. */
enum PciModel {
  PCI_ROOT("pci-root"),
  PCIE_ROOT("pcie-root"),
  PCI_BRIDGE("pci-bridge"),
  DMI_TO_PCI_BRIDGE("dmi-to-pci-bridge"),
  PCIE_TO_PCI_BRIDGE("pcie-to-pci-bridge"),
  PCIE_ROOT_PORT("pcie-root-port"),
  PCIE_SWITCH_UPSTREAM_PORT("pcie-switch-upstream-port"),
  PCIE_SWITCH_DOWNSTREAM_PORT("pcie-switch-downstream-port"),
  PCI_EXPANDER_BUS("pci-expander-bus"),
  PCIE_EXPANDER_BUS("pcie-expander-bus");

  private final String word;

  PciModel(String word) {
    this.word = word;
  }

  /** The model as the XML writes it. */
  String word() {
    return word;
  }

  /** The model of that name. */
  static Optional<PciModel> of(String word) {
    for (PciModel model : values()) {
      if (model.word.equals(word)) {
        return Optional.of(model);
      }
    }
    return Optional.empty();
  }

  /** What a controller of this model plugs into; none for the roots, which are the machine's. */
  Optional<PciNeed> need() {
    return switch (this) {
      case PCI_ROOT, PCIE_ROOT -> Optional.empty();
      case PCI_BRIDGE -> Optional.of(PciNeed.bridge(PciPlug.PCI_BRIDGE));
      case DMI_TO_PCI_BRIDGE -> Optional.of(PciNeed.bridge(PciPlug.DMI_TO_PCI_BRIDGE));
      case PCIE_TO_PCI_BRIDGE -> Optional.of(PciNeed.bridge(PciPlug.PCIE_TO_PCI_BRIDGE));
      case PCIE_ROOT_PORT -> Optional.of(PciNeed.bridge(PciPlug.PCIE_ROOT_PORT));
      case PCIE_SWITCH_UPSTREAM_PORT ->
          Optional.of(PciNeed.bridge(PciPlug.PCIE_SWITCH_UPSTREAM_PORT));
      case PCIE_SWITCH_DOWNSTREAM_PORT ->
          Optional.of(PciNeed.bridge(PciPlug.PCIE_SWITCH_DOWNSTREAM_PORT));
      case PCI_EXPANDER_BUS -> Optional.of(PciNeed.bridge(PciPlug.PCI_EXPANDER_BUS));
      case PCIE_EXPANDER_BUS -> Optional.of(PciNeed.bridge(PciPlug.PCIE_EXPANDER_BUS));
    };
  }

  /** What plugs into a controller of this model. */
  Set<PciPlug> accepts() {
    return switch (this) {
      case PCI_ROOT -> EnumSet.of(PciPlug.PCI_DEVICE, PciPlug.PCI_BRIDGE, PciPlug.PCI_EXPANDER_BUS);
      case PCI_BRIDGE, DMI_TO_PCI_BRIDGE, PCIE_TO_PCI_BRIDGE, PCI_EXPANDER_BUS ->
          EnumSet.of(PciPlug.PCI_DEVICE, PciPlug.PCI_BRIDGE);
      case PCIE_ROOT ->
          EnumSet.of(
              PciPlug.PCIE_DEVICE,
              PciPlug.PCIE_ROOT_PORT,
              PciPlug.DMI_TO_PCI_BRIDGE,
              PciPlug.PCIE_EXPANDER_BUS);
      case PCIE_ROOT_PORT, PCIE_SWITCH_DOWNSTREAM_PORT ->
          EnumSet.of(
              PciPlug.PCIE_DEVICE, PciPlug.PCIE_SWITCH_UPSTREAM_PORT, PciPlug.PCIE_TO_PCI_BRIDGE);
      case PCIE_SWITCH_UPSTREAM_PORT -> EnumSet.of(PciPlug.PCIE_SWITCH_DOWNSTREAM_PORT);
      case PCIE_EXPANDER_BUS -> EnumSet.of(PciPlug.PCIE_ROOT_PORT, PciPlug.DMI_TO_PCI_BRIDGE);
    };
  }

  /** Whether devices can be plugged into it while the guest runs. */
  boolean hotplugs() {
    return switch (this) {
      case PCI_ROOT, PCI_BRIDGE, PCIE_TO_PCI_BRIDGE, PCIE_ROOT_PORT, PCIE_SWITCH_DOWNSTREAM_PORT ->
          true;
      case PCIE_ROOT,
          DMI_TO_PCI_BRIDGE,
          PCIE_SWITCH_UPSTREAM_PORT,
          PCI_EXPANDER_BUS,
          PCIE_EXPANDER_BUS ->
          false;
    };
  }

  /** Lowest slot that can be used; where slot 0 is the controller's own, 1. */
  int firstSlot() {
    return switch (this) {
      case PCI_ROOT, PCIE_ROOT, PCI_BRIDGE, PCIE_TO_PCI_BRIDGE -> 1;
      case DMI_TO_PCI_BRIDGE,
          PCIE_ROOT_PORT,
          PCIE_SWITCH_UPSTREAM_PORT,
          PCIE_SWITCH_DOWNSTREAM_PORT,
          PCI_EXPANDER_BUS,
          PCIE_EXPANDER_BUS ->
          0;
    };
  }

  /** Highest slot that can be used. */
  int lastSlot() {
    return this == PCIE_ROOT_PORT || this == PCIE_SWITCH_DOWNSTREAM_PORT ? 0 : 31;
  }
}
