package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What input devices cannot be. */
final class InputRefusals {
  private InputRefusals() {}

  /** Looks at all of them. */
  static void check(Draft draft) {
    boolean ps2Off = draft.domain().value("features/ps2/@state", "on").equals("off");
    for (XmlElement input : draft.devices("input")) {
      String bus = input.attribute("bus", "");
      if (bus.equals("xen") || bus.equals("parallels")) {
        draft.refuse(input, "QEMU has no input bus '%s'".formatted(bus));
      }
      if (bus.equals("ps2")) {
        if (ps2Off) {
          draft.refuse(input, "input devices on the PS/2 bus need the feature ps2, which is off");
        }
        boolean plugless = !draft.machine().x86() && !draft.capabilities().types().isEmpty();
        if (plugless && !draft.capabilities().has("i8042")) {
          draft.refuse(input, "this QEMU has no PS/2 bus");
        }
        if (input.is("type", "tablet")) {
          draft.refuse(input, "the PS/2 bus has no tablets");
        }
      }
      if (input.attribute("model", "").endsWith("transitional") && !input.is("model", "virtio")) {
        draft.refuse(
            input,
            "virtio (non-)transitional models are not supported for input type='%s'"
                .formatted(input.attribute("type", "")));
      }
      if (input.has("model") && !bus.equals("virtio")) {
        draft.refuse(input, "attribute 'model' of an input device is only for bus 'virtio'");
      }
    }
  }
}
