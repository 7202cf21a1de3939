package launcher.drivers.qemu.address;

import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * One PCI function of the guest, on the document's side: read from and written to an element.
 *
 * @param domain PCI segment, always 0 for QEMU's machines
 * @param bus index of the controller that gives the slot
 * @param slot 0 to 31
 * @param function 0 to 7
 */
record PciAddress(int domain, int bus, int slot, int function) {

  /** The address of a device that has one; an address that names only its type is none. */
  static Optional<PciAddress> of(XmlElement device) {
    return device.child("address").filter(PciAddress::isPlaced).map(PciAddress::read);
  }

  private static boolean isPlaced(XmlElement address) {
    if (!address.is("type", "pci")) {
      return false;
    }
    PciAddress read = read(address);
    return read.domain != 0 || read.bus != 0 || read.slot != 0;
  }

  private static PciAddress read(XmlElement address) {
    return new PciAddress(
        number(address, "domain"),
        number(address, "bus"),
        number(address, "slot"),
        number(address, "function"));
  }

  // what no int holds stays too large, so that it is refused
  private static int number(XmlElement address, String attribute) {
    long value = Numbers.parse(address.attribute(attribute, "")).orElse(0);
    return value < 0 ? Integer.MAX_VALUE : (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** Whether a device that can sit on PCI has no place there yet and leaves the choice to us. */
  static boolean isWanted(XmlElement device) {
    Optional<XmlElement> address = device.child("address");
    return address.isEmpty() || (address.get().is("type", "pci") && !isPlaced(address.get()));
  }

  /** Writes the address to a device, keeping what else its address element says. */
  void writeTo(XmlElement device) {
    format(device.childOrAdd("address").set("type", "pci"));
  }

  /** Writes the four numbers in their usual form: {@code bus='0x00'}. */
  void format(XmlElement address) {
    address
        .set("domain", "0x%04x".formatted(domain))
        .set("bus", "0x%02x".formatted(bus))
        .set("slot", "0x%02x".formatted(slot))
        .set("function", "0x%x".formatted(function));
  }

  /** Brings an address element (a device's own, or a host device's source) into the usual form. */
  static void normalize(XmlElement address) {
    read(address).format(address);
  }

  @Override
  public String toString() {
    return "%04x:%02x:%02x.%x".formatted(domain, bus, slot, function);
  }
}
