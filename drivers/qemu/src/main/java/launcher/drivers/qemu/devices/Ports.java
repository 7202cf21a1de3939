package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.CharBackend;
import launcher.schemas.domain.Chardev;

/** Serial and parallel ports, consoles and channels. */
final class Ports {
  /** In the order of the command line. */
  static final CommandSection SECTION = Ports::write;

  private Ports() {}

  private static void write(Guest guest, CommandLine out) {
    guest.devices().serials().forEach(serial -> serial(guest, out, serial));
    guest.devices().parallels().forEach(parallel -> parallel(guest, out, parallel));
    guest.devices().channels().forEach(channel -> channel(guest, out, channel));
    guest.devices().consoles().forEach(console -> console(guest, out, console));
  }

  private static String chardev(
      Guest guest, CommandLine out, Chardev device, ChardevOptions.Use use) {
    String id = "char" + device.alias();
    ChardevOptions.add(guest, out, device, id, device.backend(), device.log(), use);
    return id;
  }

  private static void serial(Guest guest, CommandLine out, Chardev serial) {
    String chardev = chardev(guest, out, serial, ChardevOptions.Use.PLAIN);
    Optional<String> model = serial.model().filter(m -> !builtIn(m));
    if (model.isEmpty()) {
      out.add(serial, "-serial", "chardev:" + chardev);
      return;
    }
    Props props = Props.of("driver", model.get()).put("chardev", chardev).put("id", serial.alias());
    if (model.get().equals("isa-serial")) {
      props.put("index", serial.port());
    }
    DeviceAddresses.put(props, guest, serial);
    out.add(serial, "-device", props);
  }

  // Ports that are part of the board; QEMU gives them the -serial options in their order.
  private static boolean builtIn(String model) {
    return model.equals("pl011") || model.equals("16550a");
  }

  private static void parallel(Guest guest, CommandLine out, Chardev parallel) {
    String chardev = chardev(guest, out, parallel, ChardevOptions.Use.PARALLEL);
    Props props =
        Props.of("driver", "isa-parallel").put("chardev", chardev).put("id", parallel.alias());
    DeviceAddresses.put(props, guest, parallel);
    out.add(parallel, "-device", props);
  }

  private static void channel(Guest guest, CommandLine out, Chardev channel) {
    String chardev = chardev(guest, out, channel, ChardevOptions.Use.CHANNEL);
    if (channel.targetType().equals("guestfwd")) {
      String address = channel.guestAddress().orElse("");
      String forward = "tcp:" + address + ":" + channel.port() + "-chardev:" + chardev;
      out.add(
          channel,
          "-netdev",
          Props.of("type", "user")
              .put("guestfwd", List.of(Props.of("str", forward)))
              .put("id", channel.alias()));
      return;
    }
    out.add(
        channel,
        "-device",
        virtioPort(guest, channel, "virtserialport")
            .put("chardev", chardev)
            .put("id", channel.alias())
            .put("name", channelName(channel)));
  }

  private static Optional<String> channelName(Chardev channel) {
    return channel
        .channelName()
        .or(() ->
            channel.backend() instanceof CharBackend.SpiceVmc
                ? Optional.of("com.redhat.spice.0")
                : Optional.empty());
  }

  private static void console(Guest guest, CommandLine out, Chardev console) {
    String driver =
        switch (console.targetType()) {
          case "sclp" -> "sclpconsole";
          case "sclplm" -> "sclplmconsole";
          case "virtio" -> "virtconsole";
          default -> "";
        };
    // a console of type serial is the first serial port by another name
    if (driver.isEmpty()) {
      return;
    }
    String chardev = chardev(guest, out, console, ChardevOptions.Use.PLAIN);
    Props props =
        driver.equals("virtconsole")
            ? virtioPort(guest, console, driver)
            : Props.of("driver", driver);
    out.add(console, "-device", props.put("chardev", chardev).put("id", console.alias()));
  }

  private static Props virtioPort(Guest guest, Chardev device, String driver) {
    Props props = Props.of("driver", driver);
    if (device.address().orElse(null) instanceof Address.VirtioSerial port) {
      String controller =
          DeviceAddresses.controllerAlias(guest, "virtio-serial", port.controller());
      return props.put("bus", controller + "." + port.bus()).put("nr", port.port());
    }
    DeviceAddresses.put(props, guest, device);
    return props;
  }
}
