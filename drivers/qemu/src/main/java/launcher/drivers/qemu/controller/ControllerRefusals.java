package launcher.drivers.qemu.controller;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What controllers cannot be. */
final class ControllerRefusals {
  private ControllerRefusals() {}

  /** Before controllers are numbered. */
  static void checkWritten(Draft draft) {
    draft.devices("controller").forEach(controller -> index(draft, controller));
  }

  static void check(Draft draft) {
    for (XmlElement controller : draft.devices("controller")) {
      ioThread(draft, controller);
      if (controller.is("type", "usb") && !controller.is("model", "none")) {
        pci(draft, controller);
      }
    }
  }

  private static void index(Draft draft, XmlElement controller) {
    String index = controller.attribute("index", "0");
    if (!index.matches("[0-9]+")) {
      draft.refuse(
          controller, "index '%s' of a controller must be a number from 0 on".formatted(index));
    }
  }

  private static void ioThread(Draft draft, XmlElement controller) {
    boolean asked =
        controller.child("driver").filter(d -> d.has("iothread")).isPresent()
            || controller.at("driver/iothreads").isPresent();
    boolean virtioScsi =
        controller.is("type", "scsi") && controller.attribute("model", "").startsWith("virtio");
    if (asked && !virtioScsi) {
      draft.refuse(controller, "only virtio-scsi controllers can have a thread of their own");
    }
  }

  // The controllers of PCs and of virt boards are PCI cards; other boards have their own.
  private static void pci(Draft draft, XmlElement controller) {
    if (draft.machine().x86() && !draft.machine().pci()) {
      draft.refuse(
          controller,
          "machine type '%s' has no PCI bus for a USB controller"
              .formatted(draft.machine().name()));
    }
  }
}
