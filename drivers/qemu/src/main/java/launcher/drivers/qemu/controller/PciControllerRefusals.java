package launcher.drivers.qemu.controller;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Options that PCI controllers of a model do not have, and values that they cannot have. */
final class PciControllerRefusals {
  private static final Set<String> EXPANDERS = Set.of("pci-expander-bus", "pcie-expander-bus");
  private static final Set<String> PORTS = Set.of("pcie-root-port", "pcie-switch-downstream-port");

  /** The devices of QEMU that can be a controller of a model; roots are part of the machine. */
  private static final Map<String, Set<String>> DEVICES =
      Map.of(
          "pci-bridge", Set.of("pci-bridge"),
          "dmi-to-pci-bridge", Set.of("i82801b11-bridge"),
          "pcie-root-port", Set.of("pcie-root-port", "ioh3420"),
          "pcie-switch-upstream-port", Set.of("x3130-upstream"),
          "pcie-switch-downstream-port", Set.of("xio3130-downstream"),
          "pci-expander-bus", Set.of("pxb"),
          "pcie-expander-bus", Set.of("pxb-pcie"),
          "pcie-to-pci-bridge", Set.of("pcie-pci-bridge"));

  private static final Set<String> RESERVING =
      Set.of("pci-bridge", "pcie-root-port", "pcie-to-pci-bridge");

  private PciControllerRefusals() {}

  static void check(Draft draft) {
    for (XmlElement controller : draft.devices("controller")) {
      if (controller.is("type", "pci")) {
        String model = controller.attribute("model", "");
        device(draft, controller, model);
        target(draft, controller, model);
        hole(draft, controller, model);
      }
    }
  }

  private static void device(Draft draft, XmlElement controller, String model) {
    String name = controller.value("model/@name", "");
    boolean hostBridge = model.equals("pci-root") && draft.machine().pseries();
    Set<String> fits =
        hostBridge ? Set.of("spapr-pci-host-bridge") : DEVICES.getOrDefault(model, Set.of());
    if (!name.isEmpty() && fits.isEmpty()) {
      invalid(draft, controller, "modelName");
    } else if (!name.isEmpty() && !fits.contains(name)) {
      draft.refuse(
          controller,
          "option 'modelName' has invalid value for PCI controller with index '%s', model '%s' and modelName '%s'"
              .formatted(controller.attribute("index", ""), model, name));
    }
  }

  private static void invalid(Draft draft, XmlElement controller, String option) {
    draft.refuse(
        controller,
        "option '%s' is not valid for PCI controller with index '%s', model '%s'"
            .formatted(
                option, controller.attribute("index", ""), controller.attribute("model", "")));
  }

  private static void target(Draft draft, XmlElement controller, String model) {
    XmlElement target = controller.child("target").orElse(XmlElement.of("target"));
    Machine machine = draft.machine();
    boolean hostBridge = model.equals("pci-root") && machine.pseries();
    if (target.has("index")) {
      if (!hostBridge) {
        invalid(draft, controller, "targetIndex");
      } else if (controller.is("index", "0") != target.is("index", "0")) {
        draft.refuse(
            controller,
            "only the PCI controller with index 0 can have target index 0, and vice versa");
      }
      within(draft, target, "index", 0, 30);
    }
    only(draft, controller, target, "busNr", EXPANDERS.contains(model), 1, 254);
    only(draft, controller, target, "chassisNr", model.equals("pci-bridge"), 1, 255);
    only(draft, controller, target, "chassis", PORTS.contains(model), 0, 255);
    only(draft, controller, target, "port", PORTS.contains(model), 0, 255);
    if (target.has("memReserve") && !RESERVING.contains(model)) {
      invalid(draft, controller, "memReserve");
    }
    boolean pluggable =
        PORTS.contains(model)
            || (model.equals("pci-root") && (machine.i440fx() || machine.pseries()));
    if (target.has("hotplug") && !pluggable) {
      invalid(draft, controller, "hotplug");
    }
    node(draft, controller, target, EXPANDERS.contains(model) || hostBridge);
  }

  private static void only(
      Draft draft,
      XmlElement controller,
      XmlElement target,
      String option,
      boolean valid,
      long least,
      long most) {
    if (target.has(option) && !valid) {
      invalid(draft, controller, option);
    } else {
      within(draft, target, option, least, most);
    }
  }

  private static void within(Draft draft, XmlElement target, String option, long least, long most) {
    OptionalLong value = Numbers.parse(target.attribute(option, ""));
    if (value.isPresent() && (value.getAsLong() < least || value.getAsLong() > most)) {
      draft.refuse(
          target,
          "invalid target %s '%s' in PCI controller: it must be %d to %d"
              .formatted(option, target.attribute(option, ""), least, most));
    }
  }

  private static void node(Draft draft, XmlElement controller, XmlElement target, boolean valid) {
    OptionalLong node = Numbers.parse(target.value("node", ""));
    if (node.isEmpty()) {
      return;
    }
    int cells = draft.domain().at("cpu/numa").map(n -> n.children("cell").size()).orElse(0);
    if (!valid) {
      invalid(draft, controller, "numaNode");
    } else if (controller.is("index", "0")) {
      draft.refuse(
          controller, "the PCI controller with index=0 can't be associated with a NUMA node");
    } else if (node.getAsLong() >= cells) {
      draft.refuse(
          controller,
          "%s with index %s is configured for a NUMA node (%d) not present in the domain's <cpu><numa> array (%d)"
              .formatted(
                  controller.attribute("model", ""),
                  controller.attribute("index", ""),
                  node.getAsLong(),
                  cells));
    }
  }

  private static void hole(Draft draft, XmlElement controller, String model) {
    if (!controller.hasChild("pcihole64")) {
      return;
    }
    if (!model.equals("pci-root") && !model.equals("pcie-root")) {
      invalid(draft, controller, "pcihole64");
    } else if (!draft.machine().i440fx() && !draft.machine().q35()) {
      draft.refuse(
          controller,
          "setting the 64-bit PCI hole size is not supported for machine '%s'"
              .formatted(draft.machine().name()));
    }
  }
}
