package launcher.drivers.qemu.address;

/** Facts about the models of USB controllers. */
final class UsbModel {
  private UsbModel() {}

  /** Whether it is one of the four functions of Intel's USB 2 controller. */
  static boolean isUsb2(String model) {
    return model.equals("ich9-ehci1") || isCompanion(model);
  }

  /** Whether it serves the slow devices of a USB 2 controller's ports. */
  static boolean isCompanion(String model) {
    return model.startsWith("ich9-uhci");
  }

  /** The function of its slot that a part of Intel's USB 2 controller has in hardware. */
  static int function(String model) {
    return switch (model) {
      case "ich9-ehci1" -> 7;
      case "ich9-uhci2" -> 1;
      case "ich9-uhci3" -> 2;
      default -> 0;
    };
  }

  /** Number of ports of a model; 0 for one that has none of its own. */
  static int ports(String model) {
    return switch (model) {
      case "piix3-uhci", "piix4-uhci", "vt82c686b-uhci" -> 2;
      case "ehci", "ich9-ehci1" -> 6;
      case "pci-ohci" -> 3;
      case "nec-xhci", "qemu-xhci" -> 4;
      default -> 0;
    };
  }
}
