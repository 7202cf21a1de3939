package launcher.drivers.qemu.controller;

import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Controller;

/** virtio-serial controllers on the command line. */
final class VirtioSerialCommand {
  private VirtioSerialCommand() {}

  static Props props(Guest guest, Controller controller) {
    return Virtio.device(
            guest, "virtio-serial", controller.model(), controller, controller.driver())
        .put("id", controller.alias())
        .put("max_ports", controller.ports())
        .put("vectors", controller.vectors());
  }
}
