package launcher.drivers.qemu.controller;

import java.util.Optional;
import launcher.drivers.qemu.address.Controllers;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The controllers that a machine has whether or not the definition names them. */
final class MachineControllers {
  private MachineControllers() {}

  /** Adds them, or refuses a definition that contradicts the machine. */
  static void complete(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    if (controllers.find("usb", 0).isEmpty() && hasUsb(draft.machine())) {
      addUsb(draft, controllers);
    }
    if (draft.machine().q35()) {
      controllers.addMissing("sata", 0, "");
    }
    root(draft, controllers);
  }

  private static boolean hasUsb(Machine machine) {
    if (machine.arm()) {
      return machine.name().equals("versatilepb") || machine.name().startsWith("realview-eb");
    }
    return !machine.isapc()
        && !machine.microvm()
        && !machine.s390()
        && !machine.riscv()
        && !machine.loongarch()
        && !machine.arch().startsWith("sparc");
  }

  private static void addUsb(Draft draft, Controllers controllers) {
    QemuCapabilities qemu = draft.capabilities();
    if (!draft.machine().q35()) {
      controllers.add("usb", 0, legacyUsb(draft).orElse(""));
    } else if (qemu.has("qemu-xhci")) {
      controllers.add("usb", 0, "qemu-xhci");
    } else if (qemu.has("nec-usb-xhci")) {
      controllers.add("usb", 0, "nec-xhci");
    } else if (qemu.has("ich9-usb-ehci1")) {
      addUsb2(controllers);
    }
  }

  private static void addUsb2(Controllers controllers) {
    controllers.add("usb", 0, "ich9-ehci1");
    for (int i = 0; i < 3; i++) {
      XmlElement companion = controllers.add("usb", 0, "ich9-uhci" + (i + 1));
      companion.add("master").set("startport", i * 2L);
    }
    controllers.sort();
  }

  /** The model that QEMU's own switch for USB has always meant. */
  static Optional<String> legacyUsb(Draft draft) {
    QemuCapabilities qemu = draft.capabilities();
    boolean uhci = !draft.machine().ppc64() && !draft.machine().arm();
    if (uhci && qemu.has("piix3-usb-uhci")) {
      return Optional.of("piix3-uhci");
    }
    return qemu.has("pci-ohci") ? Optional.of("pci-ohci") : Optional.empty();
  }

  private static void root(Draft draft, Controllers controllers) {
    Machine machine = draft.machine();
    String model =
        machine.pcieRoot() && hasPcieHost(draft)
            ? "pcie-root"
            : machine.pciRoot() ? "pci-root" : "";
    if (model.isEmpty() || (machine.s390() && !draft.capabilities().has("zpci"))) {
      return;
    }
    Optional<XmlElement> root = controllers.find("pci", 0);
    if (root.isPresent() && !root.get().is("model", model)) {
      draft.refuse(
          root.get(),
          "the PCI controller with index='0' must be model='%s' for machine type '%s', not '%s'"
              .formatted(model, machine.name(), root.get().attribute("model", "")));
    }
    controllers.addMissing("pci", 0, model);
  }

  // The virt machines got their PCI host bridge with QEMU's generic one.
  private static boolean hasPcieHost(Draft draft) {
    return draft.machine().x86() || draft.capabilities().has("gpex-pcihost");
  }
}
