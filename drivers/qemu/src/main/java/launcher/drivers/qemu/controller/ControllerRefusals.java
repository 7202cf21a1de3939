package launcher.drivers.qemu.controller;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.address.Controllers;
import launcher.drivers.qemu.block.IoThreadRefusals;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

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
        ports(draft, controller);
      }
      if (controller.is("type", "ide")) {
        ide(draft, controller);
      }
      scsi(draft, controller);
      threads(draft, controller);
    }
  }

  private static void threads(Draft draft, XmlElement controller) {
    XmlElement driver = controller.child("driver").orElse(XmlElement.of("driver"));
    OptionalLong queues = Numbers.parse(driver.attribute("queues", ""));
    IoThreadRefusals.mapping(draft, driver, queues, "controller");
    driver
        .attribute("iothread")
        .ifPresent(id -> IoThreadRefusals.known(draft, controller, id, "controller"));
  }

  // There is no IDE card: only chipsets have such a controller, one each.
  private static void ide(Draft draft, XmlElement controller) {
    if (!draft.machine().hasIde()) {
      draft.refuse(
          controller,
          "IDE controllers are unsupported for this QEMU binary or machine type '%s'"
              .formatted(draft.machine().name()));
    } else if (!controller.is("index", "0")) {
      draft.refuse(controller, "only a single IDE controller is supported for this machine type");
    }
  }

  private static void ports(Draft draft, XmlElement controller) {
    String model = controller.attribute("model", "");
    if (controller.has("ports") && !model.endsWith("-xhci")) {
      draft.refuse(
          controller,
          "a USB controller of model '%s' has no 'ports' to be told: it has ports of its own"
              .formatted(model));
    }
    if (model.startsWith("qusb")) {
      draft.refuse(controller, "QEMU has no USB controller of model '%s'".formatted(model));
    }
  }

  private static void scsi(Draft draft, XmlElement controller) {
    String type = controller.attribute("type", "");
    if (!type.equals("scsi") && !type.equals("virtio-serial")) {
      return;
    }
    String model = type.equals("scsi") ? controller.attribute("model", "") : "";
    boolean virtio = model.startsWith("virtio");
    controller
        .child("driver")
        .filter(d -> !virtio)
        .ifPresent(d -> {
          for (String option : List.of("queues", "cmd_per_lun", "max_sectors", "ioeventfd")) {
            if (d.has(option)) {
              draft.refuse(
                  controller,
                  "'%s' is only supported by virtio-scsi controllers".formatted(option));
            }
          }
        });
    if (model.equals("ncr53c90") && !draft.machine().hasNcr53c90()) {
      draft.refuse(controller, "an ncr53c90 controller is built in, and this machine has none");
    }
    if (model.equals("buslogic")
        || (model.equals("vmpvscsi") && !draft.capabilities().has("pvscsi"))) {
      draft.refuse(controller, "unsupported controller model: %s".formatted(model));
    }
  }

  private static void index(Draft draft, XmlElement controller) {
    String index = controller.attribute("index", "0");
    long number = Numbers.parse(index).orElse(0);
    if (number < 0 || number > Controllers.HIGHEST_INDEX) {
      draft.refuse(
          controller,
          "index '%s' of a controller is too high: it can be at most %d"
              .formatted(index, Controllers.HIGHEST_INDEX));
      controller.set("index", Controllers.HIGHEST_INDEX);
    }
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
