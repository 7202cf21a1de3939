package launcher.drivers.qemu.controller;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Controller;

/** The controllers on the command line, each before what is plugged into it. */
public final class ControllerCommand {
  private static final List<String> ORDER =
      List.of("pci", "usb", "scsi", "ide", "sata", "virtio-serial", "ccid");

  private ControllerCommand() {}

  /** Adds all controllers that are not part of the machine. */
  public static void write(Guest guest, CommandLine out) {
    for (String type : ORDER) {
      for (Controller controller : guest.devices().controllers()) {
        if (controller.type().equals(type)) {
          globals(guest, out, controller);
          props(guest, controller).ifPresent(props -> out.add(controller, "-device", props));
        }
      }
    }
  }

  private static Optional<Props> props(Guest guest, Controller controller) {
    if (isPartOf(guest.machine(), controller)) {
      return Optional.empty();
    }
    Optional<Props> props =
        switch (controller.type()) {
          case "pci" -> PciControllerCommand.props(guest, controller);
          case "usb" -> UsbControllerCommand.props(guest, controller);
          case "scsi" -> ScsiControllerCommand.props(guest, controller);
          case "sata" -> Optional.of(named("ahci", controller));
          case "virtio-serial" -> Optional.of(VirtioSerialCommand.props(guest, controller));
          case "ccid" -> Optional.of(named("usb-ccid", controller));
          default -> Optional.empty();
        };
    props.ifPresent(p -> DeviceAddresses.put(p, guest, controller));
    return props;
  }

  private static boolean isPartOf(Machine machine, Controller controller) {
    if (controller.index() != 0) {
      return false;
    }
    return switch (controller.type()) {
      case "ide" -> true;
      case "sata" -> machine.q35();
      case "scsi" -> controller.model().equals("ncr53c90") && machine.arch().startsWith("sparc");
      default -> false;
    };
  }

  static Props named(String driver, Controller controller) {
    return Props.of("driver", driver).put("id", controller.alias());
  }

  // what is told to parts of the machine
  private static void globals(Guest guest, CommandLine out, Controller controller) {
    if (controller.pciHoleKib().isPresent()) {
      String host = guest.machine().q35() ? "q35-pcihost" : "i440FX-pcihost";
      out.add(
          controller,
          "-global",
          host + ".pci-hole64-size=" + controller.pciHoleKib().getAsLong() + "K");
    }
    Optional<Boolean> hotplug = controller.target().flatMap(Controller.ControllerTarget::hotplug);
    if (controller.model().equals("pci-root") && guest.machine().i440fx() && hotplug.isPresent()) {
      String value = hotplug.get() ? "on" : "off";
      out.add(controller, "-global", "PIIX4_PM.acpi-root-pci-hotplug=" + value);
    }
  }
}
