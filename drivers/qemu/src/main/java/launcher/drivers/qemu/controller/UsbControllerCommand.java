package launcher.drivers.qemu.controller;

import java.util.Optional;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Controller;

/** USB controllers on the command line. */
final class UsbControllerCommand {
  private UsbControllerCommand() {}

  static Optional<Props> props(Guest guest, Controller controller) {
    return driver(controller.model())
        .map(driver -> {
          Props props = Props.of("driver", driver);
          if (controller.ports().isPresent()) {
            props.put("p2", controller.ports()).put("p3", controller.ports());
          }
          if (controller.startPort().isPresent()) {
            props
                .put("masterbus", master(guest, controller) + ".0")
                .put("firstport", controller.startPort());
          } else {
            props.put("id", controller.alias());
          }
          return props;
        });
  }

  private static Optional<String> driver(String model) {
    return switch (model) {
      case "piix3-uhci" -> Optional.of("piix3-usb-uhci");
      case "piix4-uhci" -> Optional.of("piix4-usb-uhci");
      case "vt82c686b-uhci" -> Optional.of("vt82c686b-usb-uhci");
      case "ehci" -> Optional.of("usb-ehci");
      case "ich9-ehci1" -> Optional.of("ich9-usb-ehci1");
      case "ich9-uhci1" -> Optional.of("ich9-usb-uhci1");
      case "ich9-uhci2" -> Optional.of("ich9-usb-uhci2");
      case "ich9-uhci3" -> Optional.of("ich9-usb-uhci3");
      case "pci-ohci" -> Optional.of("pci-ohci");
      case "nec-xhci" -> Optional.of("nec-usb-xhci");
      case "qemu-xhci" -> Optional.of("qemu-xhci");
      default -> Optional.empty();
    };
  }

  private static String master(Guest guest, Controller companion) {
    return guest.devices().controllers().stream()
        .filter(c -> c.type().equals("usb") && c.index() == companion.index())
        .filter(c -> c.startPort().isEmpty())
        .map(Controller::alias)
        .findFirst()
        .orElse(companion.alias());
  }
}
