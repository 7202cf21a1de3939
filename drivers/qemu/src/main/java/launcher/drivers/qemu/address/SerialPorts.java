package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Gives every virtio console and channel a port of a virtio-serial controller. */
public final class SerialPorts {
  /** Ports of a controller that does not say how many it has (virtio_console's own limit). */
  private static final int USUAL_PORTS = 31;

  private final XmlElement devices;
  private final Map<Integer, BitSet> taken = new TreeMap<>();
  private final Map<Integer, Integer> sizes = new TreeMap<>();

  private SerialPorts(XmlElement devices) {
    this.devices = devices;
  }

  /** Completes a draft, or refuses it where a device has no port. */
  public static void complete(Draft draft) {
    SerialPorts ports = new SerialPorts(draft.devices());
    try {
      ports.addControllers();
      ports.takeGiven();
      ports.assign();
    } catch (AddressException e) {
      draft.refuse(e.device(), e.getMessage());
    }
  }

  private void addControllers() {
    for (XmlElement controller : new Controllers(devices).ofType("virtio-serial")) {
      add(
          Controllers.indexOf(controller),
          (int) Numbers.parse(controller.attribute("ports", "")).orElse(USUAL_PORTS));
    }
  }

  private void add(int index, int ports) {
    taken.put(index, new BitSet());
    sizes.put(index, ports);
  }

  private List<XmlElement> users() {
    List<XmlElement> users = new ArrayList<>(devices.children("console"));
    users.addAll(devices.children("channel"));
    return users.stream().filter(u -> u.value("target/@type", "").equals("virtio")).toList();
  }

  private static OptionalInt number(XmlElement user, String attribute) {
    OptionalLong value =
        user.child("address").filter(a -> a.is("type", "virtio-serial")).isEmpty()
            ? OptionalLong.empty()
            : Numbers.parse(user.value("address/@" + attribute, ""));
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private void takeGiven() {
    for (XmlElement user : users()) {
      OptionalInt port = number(user, "port");
      // port 0 of a channel means any: only a console may sit there
      if (port.isPresent() && (port.getAsInt() > 0 || user.name().equals("console"))) {
        take(user, number(user, "controller").orElse(0), port.getAsInt());
      }
    }
  }

  private void take(XmlElement user, int controller, int port) {
    if (!taken.containsKey(controller)) {
      throw new AddressException(
          user, "there is no virtio-serial controller with index='%d'".formatted(controller));
    }
    if (port >= sizes.get(controller)) {
      throw new AddressException(
          user,
          "virtio-serial port %d does not exist: controller %d has %d ports"
              .formatted(port, controller, sizes.get(controller)));
    }
    if (taken.get(controller).get(port)) {
      throw new AddressException(
          user,
          "virtio-serial port %d of controller %d is used by two devices"
              .formatted(port, controller));
    }
    taken.get(controller).set(port);
  }

  private void assign() {
    for (XmlElement user : users()) {
      boolean console = user.name().equals("console");
      Optional<XmlElement> address = user.child("address");
      boolean serial = address.filter(a -> a.is("type", "virtio-serial")).isPresent();
      // QEMU finds a port for a console that asks for none, on the first controller there is
      if (console && !serial) {
        ensureController();
      }
      if (console && !serial || address.isPresent() && !serial) {
        continue;
      }
      OptionalInt port = number(user, "port");
      if (port.isEmpty() || (port.getAsInt() == 0 && !console)) {
        assign(user, number(user, "controller"), console ? 0 : 1);
      }
    }
  }

  private void ensureController() {
    if (taken.isEmpty()) {
      new Controllers(devices).add("virtio-serial", 0, "");
      add(0, USUAL_PORTS);
    }
  }

  private void assign(XmlElement user, OptionalInt wanted, int lowest) {
    for (Map.Entry<Integer, BitSet> controller : taken.entrySet()) {
      int port = controller.getValue().nextClearBit(lowest);
      boolean fits = wanted.isEmpty() || wanted.getAsInt() == controller.getKey();
      if (fits && port < sizes.get(controller.getKey())) {
        write(user, controller.getKey(), port);
        return;
      }
    }
    if (wanted.isPresent()) {
      throw new AddressException(
          user, "no free port on virtio-serial controller %d".formatted(wanted.getAsInt()));
    }
    Controllers controllers = new Controllers(devices);
    int index = controllers.unusedIndex("virtio-serial");
    controllers.add("virtio-serial", index, "");
    add(index, USUAL_PORTS);
    write(user, index, lowest);
  }

  private void write(XmlElement user, int controller, int port) {
    taken.get(controller).set(port);
    user.childOrAdd("address")
        .set("type", "virtio-serial")
        .set("controller", controller)
        // each controller has one bus
        .set("bus", "0")
        .set("port", port);
  }
}
