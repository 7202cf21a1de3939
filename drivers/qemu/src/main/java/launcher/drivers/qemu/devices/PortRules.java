package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completion of serial and parallel ports and of consoles: kind, model, number. */
final class PortRules {
  private PortRules() {}

  /** Kind, model and number of each port. */
  static void complete(Draft draft) {
    draft.devices("serial").forEach(serial -> completeSerial(draft.machine(), serial));
    number(draft.devices("serial"));
    numberInTurn(draft.devices("parallel"));
    numberConsoles(draft);
  }

  private static void completeSerial(Machine machine, XmlElement serial) {
    XmlElement target = target(serial);
    // Old definitions say "isa-serial" on boards without ISA, meaning the usual port.
    boolean usual = !target.has("type") || target.is("type", "isa-serial");
    if (usual) {
      target.unset("type");
      usualType(machine).ifPresent(type -> target.set("type", type));
    }
    usualModel(machine, target.attribute("type", ""))
        .ifPresent(model -> target.childOrAdd("model").setDefault("name", model));
  }

  private static XmlElement target(XmlElement device) {
    return device.childOrAdd("target");
  }

  private static Optional<String> usualType(Machine machine) {
    if (machine.x86()) {
      return Optional.of("isa-serial");
    }
    if (machine.pseries()) {
      return Optional.of("spapr-vio-serial");
    }
    if (machine.armVirt() || machine.riscvVirt() || machine.loongarchVirt()) {
      return Optional.of("system-serial");
    }
    return machine.s390() ? Optional.of("sclp-serial") : Optional.empty();
  }

  private static Optional<String> usualModel(Machine machine, String type) {
    return switch (type) {
      case "isa-serial", "pci-serial", "usb-serial" -> Optional.of(type);
      case "isa-debug" -> Optional.of("isa-debugcon");
      case "spapr-vio-serial" -> Optional.of("spapr-vty");
      case "sclp-serial" -> Optional.of("sclpconsole");
      case "system-serial" -> Optional.of(machine.arm() ? "pl011" : "16550a");
      default -> Optional.empty();
    };
  }

  // A port without a number gets the one after the highest.
  private static void number(List<XmlElement> ports) {
    int highest = -1;
    for (XmlElement port : ports) {
      highest = Math.max(highest, number(port));
    }
    for (XmlElement port : ports) {
      if (number(port) < 0) {
        highest++;
        target(port).set("port", highest);
      }
    }
  }

  // A parallel port without a number gets the one after the highest before it.
  private static void numberInTurn(List<XmlElement> ports) {
    int highest = -1;
    for (XmlElement port : ports) {
      if (number(port) < 0) {
        target(port).set("port", highest + 1);
      }
      highest = Math.max(highest, number(port));
    }
  }

  private static int number(XmlElement port) {
    return Numbers.parse(port.value("target/@port", "")).stream()
        .mapToInt(value -> (int) value)
        .findFirst()
        .orElse(-1);
  }

  private static void numberConsoles(Draft draft) {
    List<XmlElement> consoles = draft.devices("console");
    for (int i = 0; i < consoles.size(); i++) {
      target(consoles.get(i)).set("port", i);
    }
  }

  /**
   * The first console and the first serial port are one device with two names: where one is written
   * the other comes by itself, and the port says what both are connected to.
   */
  static void pairConsole(Draft draft) {
    List<XmlElement> consoles = draft.devices("console");
    List<XmlElement> serials = draft.devices("serial");
    if (consoles.isEmpty() || !isSerial(consoles.getFirst())) {
      serials.stream()
          .findFirst()
          .filter(PortRules::canBeConsole)
          .ifPresent(serial -> copyToConsole(serial, firstConsole(draft, consoles)));
    } else {
      XmlElement console = consoles.getFirst();
      XmlElement serial = serials.isEmpty() ? serialFor(draft, console) : serials.getFirst();
      copyToConsole(serial, console);
    }
    List<XmlElement> all = draft.devices("console");
    for (int i = 1; i < all.size(); i++) {
      target(all.get(i)).set("port", i); // the first may be new
    }
  }

  private static XmlElement firstConsole(Draft draft, List<XmlElement> consoles) {
    return consoles.isEmpty()
        ? draft.devices().add("console")
        : consoles.getFirst().addBefore(XmlElement.of("console"));
  }

  private static boolean canBeConsole(XmlElement serial) {
    return switch (serial.value("target/@type", "")) {
      case "pci-serial", "usb-serial", "isa-debug" -> false;
      default -> true;
    };
  }

  private static boolean isSerial(XmlElement console) {
    String type = console.value("target/@type", "");
    return type.isEmpty() || type.equals("serial");
  }

  private static XmlElement serialFor(Draft draft, XmlElement console) {
    XmlElement serial = XmlElement.of("serial");
    console.attributes().forEach(a -> serial.set(a.name(), a.value()));
    for (XmlElement child : console.children()) {
      if (!child.name().equals("target")) {
        serial.add(child.copy());
      }
    }
    console.addBefore(serial);
    completeSerial(draft.machine(), serial);
    target(serial).set("port", 0);
    return serial;
  }

  private static void copyToConsole(XmlElement serial, XmlElement console) {
    List.copyOf(console.attributes()).forEach(a -> console.unset(a.name()));
    List.copyOf(console.children()).forEach(XmlElement::detach);
    serial.attributes().forEach(a -> console.set(a.name(), a.value()));
    for (XmlElement child : serial.children()) {
      if (!child.name().equals("target")) {
        console.add(child.copy());
      }
    }
    console.add("target").set("type", "serial").set("port", serial.value("target/@port", "0"));
  }

  /** Once addresses are there, the console shows that of its port. */
  static void mirror(Draft draft) {
    List<XmlElement> serials = draft.devices("serial");
    draft.devices("console").stream()
        .findFirst()
        .filter(console -> console.value("target/@type", "").equals("serial"))
        .filter(console -> !serials.isEmpty())
        .ifPresent(console -> copyToConsole(serials.getFirst(), console));
  }
}
