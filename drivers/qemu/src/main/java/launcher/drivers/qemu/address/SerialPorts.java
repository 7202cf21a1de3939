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

/** Gives every virtio channel a port of a virtio-serial controller. */
public final class SerialPorts {
  /** Ports of a controller that does not say how many it has (virtio_console's own limit). */
  private static final int USUAL_PORTS = 31;

  /** Port 0 is for a console. */
  private static final int FIRST_CHANNEL = 1;

  private final XmlElement devices;
  private final Map<Integer, Ports> controllers = new TreeMap<>();

  /** The ports of one controller. */
  private record Ports(int count, BitSet taken) {}

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
      draft.refuse(e.device(), e.problem());
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
    controllers.put(index, new Ports(ports, new BitSet()));
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
        user.child("address").ifPresent(a -> a.setDefault("bus", "0"));
      }
    }
  }

  private void take(XmlElement user, int controller, int port) {
    Ports ports = controllers.get(controller);
    if (ports == null) {
      throw new AddressException(
          user, "there is no virtio-serial controller with index='%d'".formatted(controller));
    }
    if (port >= ports.count()) {
      throw new AddressException(
          user,
          "virtio-serial port %d does not exist: controller %d has %d ports"
              .formatted(port, controller, ports.count()));
    }
    if (ports.taken().get(port)) {
      throw new AddressException(
          user,
          "virtio-serial port %d of controller %d is used by two devices"
              .formatted(port, controller));
    }
    ports.taken().set(port);
  }

  // A console without an address takes whatever port QEMU gives it when the guest starts.
  private void assign() {
    for (XmlElement user : users()) {
      Optional<XmlElement> address = user.child("address");
      boolean serial = address.filter(a -> a.is("type", "virtio-serial")).isPresent();
      boolean placed = number(user, "port").orElse(0) > 0;
      if (user.name().equals("channel") && !placed && (serial || address.isEmpty())) {
        assign(user, number(user, "controller"));
      }
    }
  }

  private void assign(XmlElement user, OptionalInt wanted) {
    for (Map.Entry<Integer, Ports> controller : controllers.entrySet()) {
      Ports ports = controller.getValue();
      int port = ports.taken().nextClearBit(FIRST_CHANNEL);
      boolean fits = wanted.isEmpty() || wanted.getAsInt() == controller.getKey();
      if (fits && port < ports.count()) {
        write(user, controller.getKey(), port);
        ports.taken().set(port);
        return;
      }
    }
    if (wanted.isPresent()) {
      throw new AddressException(
          user, "no free port on virtio-serial controller %d".formatted(wanted.getAsInt()));
    }
    Controllers all = new Controllers(devices);
    int index = all.unusedIndex("virtio-serial");
    all.add("virtio-serial", index, "");
    add(index, USUAL_PORTS);
    write(user, index, FIRST_CHANNEL);
    take(user, index, FIRST_CHANNEL);
  }

  private static void write(XmlElement user, int controller, int port) {
    user.childOrAdd("address")
        .set("type", "virtio-serial")
        .set("controller", controller)
        .set("bus", 0)
        .set("port", port);
  }
}
