package launcher.drivers.qemu.address;

import java.util.Optional;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Device;

/** Where a device is plugged in, as properties of QEMU's {@code -device}. */
public final class DeviceAddresses {
  private DeviceAddresses() {}

  /**
   * Adds {@code bus}, {@code addr}, {@code port} … for buses whose addresses look the same on every
   * device; drive, virtio-serial and smartcard addresses are for the translators of these devices.
   */
  public static void put(Props props, Guest guest, Device device) {
    device.address().ifPresent(address -> put(props, guest, address));
    // what the ACPI tables count are PCI devices
    if (device.address().filter(Address.Pci.class::isInstance).isPresent()) {
      props.put("acpi-index", device.acpiIndex());
    }
  }

  private static void put(Props props, Guest guest, Address address) {
    switch (address) {
      case Address.Pci pci -> {
        props.put("bus", pciBus(guest, pci.bus()));
        pci.multifunction().ifPresent(m -> props.put("multifunction", m.equals("on")));
        props.put("addr", slot(pci));
      }
      case Address.Usb usb -> {
        props.put("bus", controllerAlias(guest, "usb", usb.bus()) + ".0");
        props.put("port", usb.port());
      }
      case Address.SpaprVio vio -> props.put("reg", vio.reg());
      case Address.Ccw ccw -> props.put("devno", devno(ccw));
      case Address.Isa isa -> props.put("iobase", isa.iobase()).put("irq", isa.irq());
      case Address.Drive drive -> {}
      case Address.VirtioSerial port -> {}
      case Address.Ccid slot -> {}
      case Address.VirtioMmio mmio -> {}
      case Address.VirtioS390 old -> {}
      case Address.Dimm dimm -> {}
      case Address.Mdev mdev -> {}
      case Address.Unassigned none -> {}
    }
  }

  private static String slot(Address.Pci pci) {
    return pci.function() == 0
        ? "0x%x".formatted(pci.slot())
        : "0x%x.0x%x".formatted(pci.slot(), pci.function());
  }

  /** The channel device number as QEMU writes it: {@code fe.0.0001}. */
  public static String devno(Address.Ccw ccw) {
    return "%x.%x.%04x".formatted(ccw.cssid(), ccw.ssid(), ccw.devno());
  }

  /** The id of the bus that the PCI controller of that index gives. */
  public static String pciBus(Guest guest, int index) {
    if (index == 0) {
      // what the machine itself has keeps its name, whatever the user calls it
      String root = controller(guest, "pci", 0).map(c -> c.attribute("model", "")).orElse("");
      return Aliases.ofController(guest.machine(), "pci", root, 0);
    }
    String alias = controllerAlias(guest, "pci", index);
    // the further roots of a pSeries are host bridges, whose bus has a name of its own
    boolean bridge =
        controller(guest, "pci", index).filter(c -> c.is("model", "pci-root")).isPresent();
    return bridge ? alias + ".0" : alias;
  }

  /** The id of a controller; its usual one where the definition has none. */
  public static String controllerAlias(Guest guest, String type, int index) {
    return controller(guest, type, index)
        .flatMap(c -> c.value("alias/@name"))
        .orElseGet(() -> Aliases.ofController(guest.machine(), type, "", index));
  }

  /** The controller of that type and index. */
  public static Optional<XmlElement> controller(Guest guest, String type, int index) {
    return new Controllers(guest.tree().childOrAdd("devices")).find(type, index);
  }
}
