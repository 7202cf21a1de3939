package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Gives every USB device a port, and adds hubs where the controllers have too few. */
public final class UsbPorts {
  private static final int HUB_PORTS = 8;

  /** Of an xHCI controller. */
  static final int HIGHEST_PORT_COUNT = 15;

  private final XmlElement devices;
  private final Map<Integer, UsbHub> buses = new TreeMap<>();

  private UsbPorts(XmlElement devices) {
    this.devices = devices;
  }

  /** Completes a draft, or refuses it where a device has no port. */
  public static void complete(Draft draft) {
    UsbPorts ports = new UsbPorts(draft.devices());
    try {
      ports.addControllers();
      if (!ports.buses.isEmpty()) {
        ports.addHubs();
        ports.takeGiven();
        ports.assign();
      }
    } catch (AddressException e) {
      draft.refuse(e.device(), e.problem());
    }
  }

  /** Refuses a draft whose given ports cannot be, without giving any. */
  static void check(Draft draft) {
    UsbPorts ports = new UsbPorts(draft.devices());
    try {
      ports.addControllers();
      ports.takeGiven();
    } catch (AddressException e) {
      draft.refuse(e.device(), e.problem());
    }
  }

  private void addControllers() {
    for (XmlElement controller : new Controllers(devices).ofType("usb")) {
      int ports = portsOf(controller);
      if (ports > 0 && !UsbModel.isCompanion(controller.attribute("model", ""))) {
        buses.put(Controllers.indexOf(controller), new UsbHub(ports));
      }
    }
  }

  // More than the highest number are refused, see AddressRefusals; none are made for them.
  private static int portsOf(XmlElement controller) {
    long ports =
        Numbers.parse(controller.attribute("ports", ""))
            .orElse(UsbModel.ports(controller.attribute("model", "")));
    return Math.clamp(ports, 0, HIGHEST_PORT_COUNT);
  }

  private List<XmlElement> users() {
    return users(devices);
  }

  /** All devices that need a port, the hubs among them first. */
  static List<XmlElement> users(XmlElement devices) {
    List<XmlElement> users = new ArrayList<>(devices.children("hub"));
    devices.children("hostdev").stream().filter(h -> h.is("type", "usb")).forEach(users::add);
    devices.children("disk").stream()
        .filter(d -> d.value("target/@bus", "").equals("usb"))
        .forEach(users::add);
    new Controllers(devices).ofType("ccid").forEach(users::add);
    devices.children("input").stream().filter(i -> i.is("bus", "usb")).forEach(users::add);
    devices.children("serial").stream()
        .filter(s -> s.value("target/@type", "").equals("usb-serial"))
        .forEach(users::add);
    devices.children("sound").stream().filter(s -> s.is("model", "usb")).forEach(users::add);
    users.addAll(devices.children("redirdev"));
    devices.children("interface").stream()
        .filter(n -> n.value("model/@type", "").equals("usb-net"))
        .forEach(users::add);
    return users;
  }

  // Whoever names ports takes the hubs in hand as well.
  private void addHubs() {
    int available = buses.values().stream().mapToInt(UsbHub::size).sum();
    available += devices.children("hub").size() * HUB_PORTS;
    int missing = users().size() - available;
    if (missing <= 0) {
      return;
    }
    for (int i = 0; i < Math.ceilDiv(missing + 1, HUB_PORTS - 1); i++) {
      devices.add("hub").set("type", "usb");
    }
  }

  private void takeGiven() {
    for (XmlElement user : users()) {
      if (given(user).isPresent()) {
        take(user, bus(user).orElse(0), path(given(user).get()));
      }
    }
  }

  private void assign() {
    for (XmlElement user : users()) {
      if (given(user).isEmpty() && wants(user)) {
        assign(user);
      }
    }
  }

  private static boolean wants(XmlElement user) {
    return user.child("address").map(a -> a.is("type", "usb")).orElse(true);
  }

  private static Optional<String> given(XmlElement user) {
    return user.child("address").filter(a -> a.is("type", "usb")).flatMap(a -> a.attribute("port"));
  }

  private static Optional<Integer> bus(XmlElement user) {
    OptionalLong bus = Numbers.parse(user.value("address/@bus", ""));
    return bus.isPresent() ? Optional.of((int) bus.getAsLong()) : Optional.empty();
  }

  private void assign(XmlElement user) {
    for (Map.Entry<Integer, UsbHub> bus : buses.entrySet()) {
      Optional<Integer> wanted = wants(user) ? bus(user) : Optional.empty();
      if (wanted.isPresent() && !wanted.get().equals(bus.getKey())) {
        continue;
      }
      Optional<List<Integer>> free = bus.getValue().free(0);
      if (free.isPresent()) {
        write(user, bus.getKey(), free.get());
        take(user, bus.getKey(), free.get());
        return;
      }
    }
    throw new AddressException(user, "no free USB port: add a USB controller or hub");
  }

  private static void write(XmlElement user, int bus, List<Integer> path) {
    user.childOrAdd("address").set("type", "usb").set("bus", bus).set("port", text(path));
  }

  private void take(XmlElement user, int bus, List<Integer> path) {
    UsbHub hub = buses.get(bus);
    if (hub == null) {
      throw new AddressException(user, "there is no USB controller with index='%d'".formatted(bus));
    }
    UsbHub added = user.name().equals("hub") ? new UsbHub(HUB_PORTS) : null;
    Optional<String> problem = hub.take(path, 0, added);
    if (problem.isPresent()) {
      throw new AddressException(
          user, "USB port bus='%d' port='%s': %s".formatted(bus, text(path), problem.get()));
    }
  }

  private static String text(List<Integer> path) {
    return String.join(".", path.stream().map(String::valueOf).toList());
  }

  private static List<Integer> path(String port) {
    List<Integer> path = new ArrayList<>();
    for (String step : port.split("\\.")) {
      path.add((int) Numbers.parse(step).orElse(0));
    }
    return path;
  }
}
