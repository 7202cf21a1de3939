package launcher.drivers.qemu.address;

import java.util.List;
import java.util.stream.IntStream;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What a PCI controller's model and place decide about it: device model, chassis, port, bus. */
final class PciControllers {
  private PciControllers() {}

  static void complete(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    for (XmlElement controller : controllers.ofType("pci")) {
      PciModel.of(controller.attribute("model", ""))
          .ifPresent(model -> complete(draft, controllers, controller, model));
    }
  }

  private static void complete(
      Draft draft, Controllers controllers, XmlElement controller, PciModel model) {
    nameModel(draft, controller, model);
    int index = Controllers.indexOf(controller);
    PciAddress place = PciAddress.of(controller).orElse(new PciAddress(0, 0, 0, 0));
    switch (model) {
      case PCI_BRIDGE -> target(controller, "chassisNr", Integer.toString(index));
      case PCIE_ROOT_PORT -> {
        target(controller, "chassis", Integer.toString(index));
        target(controller, "port", "0x%x".formatted(place.slot() * 8 + place.function()));
      }
      case PCIE_SWITCH_DOWNSTREAM_PORT -> {
        target(controller, "chassis", Integer.toString(index));
        target(controller, "port", "0x%x".formatted(place.slot()));
      }
      case PCI_EXPANDER_BUS, PCIE_EXPANDER_BUS -> busNumber(controllers, controller);
      case PCI_ROOT -> {
        if (draft.machine().pseries()) {
          target(controller, "index", Integer.toString(targetIndex(controllers, index)));
        }
      }
      case PCIE_ROOT, DMI_TO_PCI_BRIDGE, PCIE_TO_PCI_BRIDGE, PCIE_SWITCH_UPSTREAM_PORT -> {}
    }
    if (model == PciModel.PCI_BRIDGE && place.bus() >= index) {
      throw new AddressException(
          controller,
          "the PCI bridge with index='%d' is on bus %d; it must be on one with a lower index"
              .formatted(index, place.bus()));
    }
  }

  private static void target(XmlElement controller, String attribute, String value) {
    controller.childOrAdd("target").setDefault(attribute, value);
  }

  private static void nameModel(Draft draft, XmlElement controller, PciModel model) {
    String name =
        switch (model) {
          case PCI_BRIDGE -> "pci-bridge";
          case DMI_TO_PCI_BRIDGE -> "i82801b11-bridge";
          case PCIE_TO_PCI_BRIDGE -> "pcie-pci-bridge";
          case PCIE_ROOT_PORT ->
              draft.capabilities().has("pcie-root-port") ? "pcie-root-port" : "ioh3420";
          case PCIE_SWITCH_UPSTREAM_PORT -> "x3130-upstream";
          case PCIE_SWITCH_DOWNSTREAM_PORT -> "xio3130-downstream";
          case PCI_EXPANDER_BUS -> "pxb";
          case PCIE_EXPANDER_BUS -> "pxb-pcie";
          case PCI_ROOT -> draft.machine().pseries() ? "spapr-pci-host-bridge" : "";
          case PCIE_ROOT -> "";
        };
    if (!name.isEmpty()) {
      controller.childOrAdd("model").setDefault("name", name);
    }
  }

  // Two numbers below the lowest one in use: the expander bus itself needs one, and so does the
  // bridge that it comes with.
  private static void busNumber(Controllers controllers, XmlElement controller) {
    if (controller.value("target/@busNr").isPresent()) {
      return;
    }
    int lowest =
        controllers.ofType("pci").stream()
            .flatMap(c -> c.value("target/@busNr").stream())
            .mapToInt(n -> (int) Numbers.parse(n).orElse(0))
            .min()
            .orElse(256);
    if (lowest <= 2) {
      throw new AddressException(
          controller,
          "no bus number below those of the other expander buses is free: give a busNr");
    }
    target(controller, "busNr", Integer.toString(lowest - 2));
  }

  private static int targetIndex(Controllers controllers, int index) {
    if (index == 0) {
      return 0;
    }
    List<String> taken =
        controllers.ofType("pci").stream().flatMap(c -> c.value("target/@index").stream()).toList();
    return IntStream.range(1, 31)
        .filter(i -> !taken.contains(Integer.toString(i)))
        .findFirst()
        .orElse(31);
  }
}
