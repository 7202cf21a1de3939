package launcher.drivers.qemu.address;

/**
 * What a device asks of its slot.
 *
 * @param plug sort of slot
 * @param hotplug whether the bus must allow plugging while the guest runs
 * @param shares whether several such devices may be functions of one slot
 */
record PciNeed(PciPlug plug, boolean hotplug, boolean shares) {
  /** A device in a conventional slot. */
  static final PciNeed PCI = new PciNeed(PciPlug.PCI_DEVICE, true, false);

  /** A device in a PCI Express slot. */
  static final PciNeed PCIE = new PciNeed(PciPlug.PCIE_DEVICE, true, false);

  /** A part of the tree of buses; it is never plugged while the guest runs. */
  static PciNeed bridge(PciPlug plug) {
    return new PciNeed(plug, false, plug == PciPlug.PCIE_ROOT_PORT);
  }

  /** The same for a device that is part of the machine and never plugged while it runs. */
  PciNeed integrated() {
    return new PciNeed(plug, false, shares);
  }
}
