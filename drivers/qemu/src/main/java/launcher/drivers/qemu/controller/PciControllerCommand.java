package launcher.drivers.qemu.controller;

import java.util.Optional;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Controller;

/** PCI controllers on the command line. */
final class PciControllerCommand {
  private PciControllerCommand() {}

  static Optional<Props> props(Guest guest, Controller controller) {
    boolean furtherRoot =
        controller.model().equals("pci-root")
            && controller.index() > 0
            && guest.machine().pseries();
    Optional<String> device =
        controller.deviceName().filter(n -> isPluggedIn(controller) || furtherRoot);
    return device.map(name -> {
      Props props = Props.of("driver", name);
      controller.target().ifPresent(target -> put(props, controller, target));
      return props.put("id", controller.alias());
    });
  }

  private static boolean isPluggedIn(Controller controller) {
    return !controller.model().equals("pci-root") && !controller.model().equals("pcie-root");
  }

  private static void put(Props props, Controller controller, Controller.ControllerTarget target) {
    switch (controller.model()) {
      case "pci-bridge" -> props.put("chassis_nr", target.chassisNumber());
      case "pcie-root-port", "pcie-switch-downstream-port" -> {
        props.put("port", target.port()).put("chassis", target.chassis());
        target.hotplug().ifPresent(hotplug -> props.put("hotplug", hotplug));
      }
      case "pci-expander-bus", "pcie-expander-bus" ->
          props.put("bus_nr", target.busNumber()).put("numa_node", target.node());
      case "pci-root" -> props.put("index", target.index()).put("numa_node", target.node());
      default -> {}
    }
    if (target.memoryReserveKib().isPresent()) {
      props.put("mem-reserve", target.memoryReserveKib().getAsLong() * 1024);
    }
  }
}
