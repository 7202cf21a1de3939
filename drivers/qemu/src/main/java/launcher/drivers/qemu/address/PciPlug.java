package launcher.drivers.qemu.address;

/** What sort of slot a PCI device fits into. */
enum PciPlug {
  PCI_DEVICE("standard PCI device"),
  PCIE_DEVICE("PCI Express device"),
  PCI_BRIDGE("pci-bridge"),
  PCI_EXPANDER_BUS("pci-expander-bus"),
  PCIE_EXPANDER_BUS("pcie-expander-bus"),
  DMI_TO_PCI_BRIDGE("dmi-to-pci-bridge"),
  PCIE_TO_PCI_BRIDGE("pcie-to-pci-bridge"),
  PCIE_ROOT_PORT("pcie-root-port"),
  PCIE_SWITCH_UPSTREAM_PORT("pcie-switch-upstream-port"),
  PCIE_SWITCH_DOWNSTREAM_PORT("pcie-switch-downstream-port");

  private final String words;

  PciPlug(String words) {
    this.words = words;
  }

  /** Whether this is a device of the guest's user, not a part of the tree of buses. */
  boolean isEndpoint() {
    return this == PCI_DEVICE || this == PCIE_DEVICE;
  }

  @Override
  public String toString() {
    return words;
  }
}
