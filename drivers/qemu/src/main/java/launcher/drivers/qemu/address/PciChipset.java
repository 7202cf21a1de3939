package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.schemas.XmlElement;

/** The PCI functions that belong to the machine itself, and the usual places on its root bus. */
final class PciChipset {
  private static final PciAddress PIIX_IDE = new PciAddress(0, 0, 1, 1);
  private static final PciAddress PIIX_USB = new PciAddress(0, 0, 1, 2);
  private static final PciAddress ICH9_SATA = new PciAddress(0, 0, 0x1f, 2);

  private PciChipset() {}

  /** Where a device is fixed because it is part of the machine. */
  private static Optional<PciAddress> fixed(Machine machine, XmlElement device) {
    if (!device.name().equals("controller") || !device.is("index", "0")) {
      return Optional.empty();
    }
    return switch (device.attribute("type", "")) {
      case "ide" -> machine.i440fx() ? Optional.of(PIIX_IDE) : Optional.empty();
      case "sata" -> machine.q35() ? Optional.of(ICH9_SATA) : Optional.empty();
      case "usb" ->
          machine.i440fx() && (device.is("model", "piix3-uhci") || !device.has("model"))
              ? Optional.of(PIIX_USB)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether a device is part of the machine. */
  static boolean isOwn(Machine machine, XmlElement device) {
    return fixed(machine, device).isPresent();
  }

  /** Takes the places of the machine's functions and writes them to those that are devices. */
  static void take(Machine machine, XmlElement devices, PciBuses buses, PciNeeds needs) {
    for (XmlElement controller : new Controllers(devices).all()) {
      fixed(machine, controller).ifPresent(place -> takeOwn(controller, place, buses));
    }
    if (machine.i440fx()) {
      takeUnseen(buses, 1, 0, devices);
      takeUnseen(buses, 1, 3, devices);
      primaryVideo(devices, buses, needs, 2);
    } else if (machine.q35()) {
      takeUnseen(buses, 0x1f, 0, devices);
      takeUnseen(buses, 0x1f, 3, devices);
      usualPlaces(devices, buses);
      primaryVideo(devices, buses, needs, 1);
      sound(devices, buses);
    }
  }

  private static void takeOwn(XmlElement controller, PciAddress place, PciBuses buses) {
    Optional<PciAddress> given = PciAddress.of(controller);
    if (given.isPresent() && !given.get().equals(place)) {
      throw new AddressException(
          controller,
          "the first %s controller is part of the machine: its PCI address must be %s, not %s"
              .formatted(controller.attribute("type", ""), place, given.get()));
    }
    place.writeTo(controller);
    buses.take(place, PciNeed.PCI, controller);
  }

  private static void takeUnseen(PciBuses buses, int slot, int function, XmlElement devices) {
    buses.take(new PciAddress(0, 0, slot, function), PciNeed.PCI, devices);
  }

  // Guests expect these where real Q35 boards have them; any other place will do as well.
  private static void usualPlaces(XmlElement devices, PciBuses buses) {
    for (XmlElement controller : new Controllers(devices).all()) {
      if (!PciAddress.isWanted(controller)) {
        continue;
      }
      if (controller.is("type", "usb") && controller.is("model", "ich9-uhci1")) {
        int slot = buses.isSlotTaken(0, 0x1d) ? 0x1a : 0x1d;
        if (takeIfFree(controller, slot, buses)) {
          controller.childOrAdd("address").set("multifunction", "on");
        }
      } else if (controller.is("type", "pci") && controller.is("model", "dmi-to-pci-bridge")) {
        takeIfFree(controller, 0x1e, buses);
      }
    }
  }

  private static void sound(XmlElement devices, PciBuses buses) {
    for (XmlElement sound : devices.children("sound")) {
      if (sound.is("model", "ich9") && PciAddress.isWanted(sound)) {
        takeIfFree(sound, 0x1b, buses);
      }
    }
  }

  private static boolean takeIfFree(XmlElement device, int slot, PciBuses buses) {
    if (buses.isSlotTaken(0, slot)) {
      return false;
    }
    PciAddress place = new PciAddress(0, 0, slot, 0);
    place.writeTo(device);
    buses.take(place, PciNeed.PCI, device);
    return true;
  }

  private static void primaryVideo(XmlElement devices, PciBuses buses, PciNeeds needs, int slot) {
    List<XmlElement> videos = devices.children("video");
    if (!videos.isEmpty()
        && needs.of(videos.getFirst()).isPresent()
        && PciAddress.isWanted(videos.getFirst())) {
      takeIfFree(videos.getFirst(), slot, buses);
    }
  }
}
