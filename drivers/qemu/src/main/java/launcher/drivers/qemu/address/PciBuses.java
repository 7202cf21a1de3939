package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * All PCI buses of a guest while addresses are given out.
 *
 * <p>Addresses are given out twice: first on a trial set that grows by controllers as devices find
 * no slot, then, with those controllers in the definition, on a fixed set.
 */
final class PciBuses {
  private static final int HIGHEST_BUS = 0xff;

  private final List<PciBus> buses = new ArrayList<>();
  private final boolean grows;
  private final PciGrowth growth;

  /**
   * An empty set.
   *
   * @param grows whether new buses may be added
   * @param growth which ones
   */
  PciBuses(boolean grows, PciGrowth growth) {
    this.grows = grows;
    this.growth = growth;
  }

  void add(PciBus bus) {
    buses.add(bus);
  }

  void set(int index, PciBus bus) {
    buses.set(index, bus);
  }

  int count() {
    return buses.size();
  }

  PciBus bus(int index) {
    return buses.get(index);
  }

  List<PciBus> all() {
    return List.copyOf(buses);
  }

  /** Whether no slot of any bus is free. */
  boolean isFull() {
    return buses.stream().allMatch(PciBus::isFull);
  }

  boolean isSlotTaken(int bus, int slot) {
    return bus < buses.size() && buses.get(bus).isSlotTaken(slot);
  }

  /**
   * Takes the place that the definition names.
   *
   * @param device for messages
   * @throws AddressException when there is no such place, it does not suit or it is taken
   */
  void take(PciAddress address, PciNeed need, XmlElement device) {
    // no bridges are added for a bus that no machine can number
    if (address.bus() >= buses.size() && address.bus() <= HIGHEST_BUS && grows) {
      growth.grow(this, address.bus(), need);
    }
    check(address, need, device);
    buses.get(address.bus()).take(address.slot(), address.function(), need);
  }

  private void check(PciAddress address, PciNeed need, XmlElement device) {
    if (address.domain() != 0) {
      throw new AddressException(
          device, "PCI address %s: only PCI domain 0 is available".formatted(address));
    }
    if (address.bus() >= buses.size()) {
      throw new AddressException(
          device,
          "PCI address %s: there is no PCI controller with index='%d', the last one is %d"
              .formatted(address, address.bus(), buses.size() - 1));
    }
    PciBus bus = buses.get(address.bus());
    if (!bus.tolerates(need)) {
      throw new AddressException(
          device,
          "PCI address %s: the controller with index='%d' is a %s, which takes no %s"
              .formatted(address, address.bus(), bus.model().word(), need.plug()));
    }
    if (!bus.hasSlot(address.slot())) {
      throw new AddressException(
          device,
          "PCI address %s: slot must be %d to %d on a %s"
              .formatted(
                  address, bus.model().firstSlot(), bus.model().lastSlot(), bus.model().word()));
    }
    if (address.function() > 7) {
      throw new AddressException(
          device, "PCI address %s: function must be 0 to 7".formatted(address));
    }
    if (bus.isTaken(address.slot(), address.function())) {
      throw new AddressException(
          device, "PCI address %s is used by two devices".formatted(address));
    }
  }

  /**
   * Takes the first free place that suits.
   *
   * @param function the only function that will do, or -1 for any
   * @throws AddressException when there is none
   */
  PciAddress takeNext(PciNeed need, int function, XmlElement device) {
    Optional<PciAddress> found = free(need, function);
    if (found.isEmpty() && grows) {
      growth.grow(this, buses.size(), need);
      found = free(need, function);
    }
    PciAddress address =
        found.orElseThrow(
            () -> new AddressException(device, "no more PCI slots for a " + need.plug()));
    buses.get(address.bus()).take(address.slot(), address.function(), need);
    return address;
  }

  private Optional<PciAddress> free(PciNeed need, int function) {
    for (int i = 0; i < buses.size(); i++) {
      Optional<Integer> place = buses.get(i).free(need, function);
      if (place.isPresent()) {
        return Optional.of(new PciAddress(0, i, place.get() / 8, place.get() % 8));
      }
    }
    return Optional.empty();
  }
}
