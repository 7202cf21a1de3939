package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Completion of input devices. */
final class InputRules {
  private InputRules() {}

  /** The bus of each device. */
  static void complete(Draft draft) {
    for (XmlElement input : draft.devices("input")) {
      String type = input.attribute("type", "");
      if (type.equals("evdev")) {
        input.unset("bus");
      } else {
        input.setDefault("bus", usualBus(draft.machine(), type));
      }
    }
  }

  private static String usualBus(Machine machine, String type) {
    boolean classic = type.equals("mouse") || type.equals("keyboard");
    if (type.equals("passthrough") || machine.s390()) {
      return "virtio";
    }
    return classic && machine.x86() ? "ps2" : "usb";
  }

  /** Every PC has a mouse and a keyboard, unless its controller for them is off. */
  static void addBuiltIn(Draft draft) {
    boolean off = draft.domain().value("features/ps2/@state", "on").equals("off");
    if (draft.machine().x86() && !draft.machine().microvm() && !off) {
      add(draft, "mouse", "ps2");
      add(draft, "keyboard", "ps2");
    }
    if (draft.machine().ppc64() && !draft.devices("graphics").isEmpty()) {
      add(draft, "keyboard", "usb");
      if (draft.devices("input").stream().noneMatch(i -> i.is("type", "tablet"))) {
        add(draft, "mouse", "usb");
      }
    }
  }

  private static void add(Draft draft, String type, String bus) {
    boolean there =
        draft.devices("input").stream().anyMatch(i -> i.is("type", type) && i.is("bus", bus));
    if (!there) {
      draft.devices().add("input").set("type", type).set("bus", bus);
    }
  }
}
