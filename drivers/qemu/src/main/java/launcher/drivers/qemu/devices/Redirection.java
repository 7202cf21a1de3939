package launcher.drivers.qemu.devices;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Redirdev;
import launcher.schemas.domain.Redirfilter;

/** USB devices that live at the other end of a character device. */
final class Redirection {
  /** All redirected devices. */
  static final CommandSection SECTION = Redirection::write;

  private Redirection() {}

  private static void write(Guest guest, CommandLine out) {
    Optional<String> filter =
        guest.devices().redirfilters().stream().findFirst().map(Redirection::filter);
    for (Redirdev device : guest.devices().redirdevs()) {
      String chardev = "char" + device.alias();
      ChardevOptions.add(
          guest, out, device, chardev, device.backend(), device.log(), ChardevOptions.Use.USB);
      Props props =
          Props.of("driver", "usb-redir")
              .put("chardev", chardev)
              .put("id", device.alias())
              .put("filter", filter)
              .put("bootindex", device.bootOrder());
      DeviceAddresses.put(props, guest, device);
      out.add(device, "-device", props);
    }
  }

  /** {@code class:vendor:product:version:allow|…}, with -1 for anything. */
  static String filter(Redirfilter filter) {
    return filter.rules().stream().map(Redirection::rule).collect(Collectors.joining("|"));
  }

  private static String rule(Redirfilter.Rule rule) {
    return String.join(
        ":",
        hex("0x%02X", rule.deviceClass()),
        hex("0x%04X", rule.vendor()),
        hex("0x%04X", rule.product()),
        rule.version().map(Redirection::binaryCoded).orElse("-1"),
        rule.allow() ? "1" : "0");
  }

  private static String hex(String format, OptionalInt number) {
    return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsInt()) : "-1";
  }

  // USB writes release 12.34 as the binary coded decimal 0x1234.
  private static String binaryCoded(String version) {
    String[] parts = version.split("\\.", 2);
    String minor = parts.length == 2 ? parts[1] : "00";
    return "0x" + ("00" + parts[0]).substring(parts[0].length()) + minor;
  }
}
