package launcher.drivers.qemu.controller;

import java.util.Optional;
import launcher.drivers.qemu.address.Controllers;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.memory.MemoryCompletion;
import launcher.schemas.XmlElement;

/** The model of each controller whose definition leaves it open. */
final class ControllerModels {
  private ControllerModels() {}

  /** Completes all controllers of a draft. */
  static void complete(Draft draft) {
    for (XmlElement controller : new Controllers(draft.devices()).all()) {
      controller.child("pcihole64").ifPresent(h -> MemoryCompletion.inKib(h, "KiB"));
      boolean open = !controller.has("model") || controller.is("model", "auto");
      if (open && controller.is("type", "scsi")) {
        controller.set("model", scsi(draft));
      } else if (open && controller.is("type", "usb")) {
        usb(draft, controller).ifPresent(model -> controller.set("model", model));
      }
    }
  }

  /** The SCSI controller that a guest gets who asks for none in particular. */
  static String scsi(Draft draft) {
    Machine machine = draft.machine();
    QemuCapabilities qemu = draft.capabilities();
    if (machine.pseries() && qemu.has("spapr-vscsi")) {
      return "ibmvscsi";
    }
    if (machine.arch().startsWith("sparc")) {
      return "ncr53c90";
    }
    if (machine.s390() || machine.loongarch()) {
      return "virtio-scsi";
    }
    return qemu.has("lsi53c895a") ? "lsilogic" : "virtio-scsi";
  }

  private static Optional<String> usb(Draft draft, XmlElement controller) {
    Machine machine = draft.machine();
    if (machine.s390()) {
      // without PCI there is no USB; an address says that the user knows better
      return controller.hasChild("address") ? Optional.empty() : Optional.of("none");
    }
    if (machine.arm() || machine.loongarch()) {
      QemuCapabilities qemu = draft.capabilities();
      return Optional.of(
          qemu.has("qemu-xhci") || !qemu.has("nec-usb-xhci") ? "qemu-xhci" : "nec-xhci");
    }
    return MachineControllers.legacyUsb(draft);
  }
}
