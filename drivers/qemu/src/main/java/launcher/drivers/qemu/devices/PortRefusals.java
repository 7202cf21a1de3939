package launcher.drivers.qemu.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What ports, consoles and channels cannot be. */
final class PortRefusals {
  private static final Map<String, Set<String>> MODELS =
      Map.of(
          "isa-serial", Set.of("isa-serial"),
          "usb-serial", Set.of("usb-serial"),
          "pci-serial", Set.of("pci-serial"),
          "isa-debug", Set.of("isa-debugcon"),
          "spapr-vio-serial", Set.of("spapr-vty"),
          "system-serial", Set.of("pl011", "16550a"),
          "sclp-serial", Set.of("sclpconsole", "sclplmconsole"));

  private static final int ISA_PORTS = 4;

  private PortRefusals() {}

  /** Looks at all of them. */
  static void check(Draft draft) {
    draft.devices("serial").forEach(serial -> serial(draft, serial));
    if (draft.machine().s390() || draft.machine().pseries()) {
      draft
          .devices("parallel")
          .forEach(port -> draft.refuse(port, "parallel ports are not supported by the machine"));
    }
    Set<String> numbers = new HashSet<>();
    draft.devices("serial").stream()
        .filter(s -> draft.machine().x86())
        .filter(s -> !s.value("target/@port", "0").equals("0"))
        .filter(s -> !numbers.add(s.value("target/@port", "")))
        .forEach(s ->
            draft.refuse(
                s, "target port '%s' already allocated".formatted(s.value("target/@port", ""))));
    draft.devices("serial").stream()
        .filter(s -> s.value("target/@type", "").equals("isa-serial"))
        .skip(ISA_PORTS)
        .forEach(s -> draft.refuse(s, "there are no more than 4 ISA serial ports"));
    consoles(draft);
    draft.devices("channel").forEach(channel -> channel(draft, channel));
  }

  private static void serial(Draft draft, XmlElement serial) {
    String type = serial.value("target/@type", "");
    String model = serial.value("target/model/@name", "");
    address(draft, serial, type);
    if (!type.isEmpty() && !model.isEmpty()) {
      if (!MODELS.getOrDefault(type, Set.of()).contains(model)) {
        draft.refuse(
            serial,
            "serial device of target type '%s' cannot have model '%s'".formatted(type, model));
      } else if (!fits(draft.machine(), type) || !board(draft.machine(), model)) {
        draft.refuse(
            serial,
            "serial device of target type '%s' and model '%s' does not fit architecture '%s' and machine '%s'"
                .formatted(type, model, draft.machine().arch(), draft.machine().name()));
      }
    }
  }

  private static void address(Draft draft, XmlElement serial, String type) {
    String wanted =
        switch (type) {
          case "isa-serial", "isa-debug" -> "isa";
          case "usb-serial" -> "usb";
          case "pci-serial" -> "pci";
          case "spapr-vio-serial" -> "spapr-vio";
          default -> "";
        };
    if ((type.equals("system-serial") || type.equals("sclp-serial"))
        && serial.hasChild("address")) {
      draft.refuse(serial, "target type '%s' cannot have an address".formatted(type));
    }
    String given = serial.value("address/@type", wanted);
    if (!wanted.isEmpty() && !given.equals(wanted)) {
      draft.refuse(serial, "target type '%s' requires address type '%s'".formatted(type, wanted));
    }
  }

  private static boolean fits(Machine machine, String type) {
    return switch (type) {
      case "isa-serial", "isa-debug" -> machine.x86();
      case "spapr-vio-serial" -> machine.pseries();
      case "system-serial" -> machine.armVirt() || machine.riscvVirt() || machine.loongarchVirt();
      case "sclp-serial" -> machine.s390();
      case "pci-serial" -> machine.pci();
      default -> true;
    };
  }

  // the two that boards have themselves
  private static boolean board(Machine machine, String model) {
    return switch (model) {
      case "pl011" -> machine.arm();
      case "16550a" -> machine.riscv() || machine.loongarch();
      default -> true;
    };
  }

  private static void consoles(Draft draft) {
    List<XmlElement> consoles = draft.devices("console");
    for (int i = 0; i < consoles.size(); i++) {
      XmlElement console = consoles.get(i);
      String type = console.value("target/@type", "");
      if (i > 0 && (type.equals("serial") || type.isEmpty())) {
        draft.refuse(console, "only the first console can be a serial port");
      }
      if (type.equals("xen") || type.equals("uml") || type.equals("lxc") || type.equals("openvz")) {
        draft.refuse(console, "QEMU has no console of type '%s'".formatted(type));
      }
      if (type.startsWith("sclp") && !draft.machine().s390()) {
        draft.refuse(console, "a console of type '%s' is only for s390".formatted(type));
      }
    }
  }

  private static void channel(Draft draft, XmlElement channel) {
    if (channel.value("target/@type", "").equals("xen")) {
      draft.refuse(channel, "QEMU has no channel of type 'xen'");
    }
    if (!channel.value("target/@type", "").equals("guestfwd")) {
      return;
    }
    String address = channel.value("target/@address", "");
    if (address.isEmpty()) {
      draft.refuse(channel, "a forwarding channel misses the address in the guest's network");
    } else if (address.contains(":")) {
      draft.refuse(channel, "a forwarding channel needs an IPv4 address, not '" + address + "'");
    }
    if (channel.value("target/@port", "").isEmpty()) {
      draft.refuse(channel, "a forwarding channel misses its port");
    }
  }
}
