package launcher.engine.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** USB devices of the host: which one a guest means. */
public final class UsbDevices {
  private final Sysfs sysfs;

  /** Of this host. */
  public UsbDevices() {
    this(Sysfs.HOST);
  }

  UsbDevices(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /**
   * A device that is plugged in.
   *
   * @param name in sysfs: {@code 1-1.2}
   * @param bus number of its bus, from 1
   * @param device its number on the bus, another one each time it is plugged in
   */
  record Usb(String name, long bus, long device, long vendor, long product) {}

  List<Usb> all() {
    List<Usb> found = new ArrayList<>();
    Path devices = sysfs.path("bus", "usb", "devices");
    for (String name : sysfs.names(devices)) {
      Path folder = devices.resolve(name);
      String vendor = sysfs.read(folder.resolve("idVendor"));
      String bus = sysfs.read(folder.resolve("busnum"));
      // an interface of a device has neither
      if (vendor.matches("[0-9a-f]{4}") && bus.matches("\\d+")) {
        found.add(
            new Usb(
                name,
                Long.parseLong(bus),
                Long.parseLong(sysfs.read(folder.resolve("devnum"))),
                Long.parseLong(vendor, 16),
                Long.parseLong(sysfs.read(folder.resolve("idProduct")), 16)));
      }
    }
    return found;
  }

  /**
   * Says in a guest's tree where its USB devices are plugged in on this run, and leaves out those
   * that are not there and need not be ({@code startupPolicy}).
   *
   * @param saved whether the guest comes back from a saved state
   * @throws EngineException when one is not there, or more than one might be meant
   */
  public void fill(XmlElement domain, boolean saved) {
    for (XmlElement hostdev :
        domain.child("devices").map(all -> all.children("hostdev")).orElse(List.of())) {
      fillOne(hostdev, saved);
    }
  }

  /** The same for one device. */
  public void fillOne(XmlElement hostdev, boolean saved) {
    if (!hostdev.is("type", "usb")) {
      return;
    }
    List<Usb> found = all().stream().filter(usb -> isMeant(hostdev, usb, saved)).toList();
    if (found.size() == 1) {
      XmlElement address = hostdev.childOrAdd("source").childOrAdd("address");
      address.set("bus", found.getFirst().bus()).set("device", found.getFirst().device());
    } else if (found.isEmpty() && mayBeMissing(hostdev, saved)) {
      hostdev.detach();
    } else {
      throw new EngineException(
          Kind.FAILED,
          found.isEmpty()
              ? "the host has no USB device " + words(hostdev)
              : "the host has %d USB devices %s: say which in <source><address bus='%d' device='%d'/>"
                  .formatted(
                      found.size(),
                      words(hostdev),
                      found.getFirst().bus(),
                      found.getFirst().device()));
    }
  }

  private static boolean mayBeMissing(XmlElement hostdev, boolean saved) {
    return switch (hostdev.value("source/@startupPolicy", "mandatory")) {
      case "optional" -> true;
      case "requisite" -> saved;
      default -> false;
    };
  }

  /** A place that a saved guest knew means nothing when the device can be told by its kind. */
  private static boolean isMeant(XmlElement hostdev, Usb usb, boolean saved) {
    OptionalLong vendor = number(hostdev, "vendor/@id");
    OptionalLong product = number(hostdev, "product/@id");
    OptionalLong bus = number(hostdev, "address/@bus");
    OptionalLong device = number(hostdev, "address/@device");
    boolean kind = vendor.isPresent() || product.isPresent();
    boolean place = bus.isPresent() && device.isPresent() && !(saved && kind);
    return (kind || place)
        && vendor.orElse(usb.vendor()) == usb.vendor()
        && product.orElse(usb.product()) == usb.product()
        && (!place || bus.getAsLong() == usb.bus() && device.getAsLong() == usb.device());
  }

  private static OptionalLong number(XmlElement hostdev, String path) {
    return Numbers.parse(hostdev.value("source/" + path, ""));
  }

  private static String words(XmlElement hostdev) {
    String kind =
        hostdev.value("source/vendor/@id", "") + ":" + hostdev.value("source/product/@id", "");
    String bus = hostdev.value("source/address/@bus", "");
    String place =
        bus.isEmpty()
            ? ""
            : "bus " + bus + " device " + hostdev.value("source/address/@device", "");
    return (kind.equals(":") ? "at " + place : kind + (place.isEmpty() ? "" : " at " + place))
        .replace("0x", "");
  }

  /** The file of a device whose place is known. */
  static Optional<Path> node(XmlElement hostdev) {
    OptionalLong bus = number(hostdev, "address/@bus");
    OptionalLong device = number(hostdev, "address/@device");
    return bus.isPresent() && device.isPresent()
        ? Optional.of(node(bus.getAsLong(), device.getAsLong()))
        : Optional.empty();
  }

  /** The file of the device at a place. */
  static Path node(long bus, long device) {
    return Path.of("/dev/bus/usb/%03d/%03d".formatted(bus, device));
  }
}
