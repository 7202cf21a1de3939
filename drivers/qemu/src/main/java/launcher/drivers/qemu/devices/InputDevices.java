package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Input;

/** Mice, keyboards, tablets and input devices of the host. */
final class InputDevices {
  /** All of them. */
  static final CommandSection SECTION = InputDevices::write;

  private InputDevices() {}

  private static void write(Guest guest, CommandLine out) {
    for (Input input : guest.devices().inputs()) {
      if (input.type().equals("evdev")) {
        out.add(input, "-object", evdev(input));
      } else if (input.bus().equals("usb")) {
        add(guest, out, input, usb(input));
      } else if (input.bus().equals("virtio")) {
        add(guest, out, input, virtio(guest, input));
      }
      // those of the PS/2 bus are part of the machine
    }
  }

  private static void add(Guest guest, CommandLine out, Input input, Props props) {
    DeviceAddresses.put(props, guest, input);
    out.add(input, "-device", props);
  }

  private static Props usb(Input input) {
    String driver =
        switch (input.type()) {
          case "mouse" -> "usb-mouse";
          case "tablet" -> "usb-tablet";
          default -> "usb-kbd";
        };
    return Props.of("driver", driver).put("id", input.alias());
  }

  private static Props virtio(Guest guest, Input input) {
    String base =
        switch (input.type()) {
          case "mouse" -> "virtio-mouse";
          case "keyboard" -> "virtio-keyboard";
          case "tablet" -> "virtio-tablet";
          default -> "virtio-input-host";
        };
    Props props =
        Virtio.device(guest, base, input.model(), input, input.driver()).put("id", input.alias());
    input.source().ifPresent(source -> props.put("evdev", source.path()));
    return props;
  }

  private static Props evdev(Input input) {
    Props props = Props.of("qom-type", "input-linux").put("id", input.alias());
    input
        .source()
        .ifPresent(source -> {
          props.put("evdev", source.path());
          props.truth("repeat", source.repeat());
          if (source.grabAll()) {
            props.put("grab_all", true);
          }
          props.put("grab-toggle", source.grabToggle());
        });
    return props;
  }
}
