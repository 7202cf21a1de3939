package launcher.drivers.qemu.controller;

import java.util.Optional;
import launcher.drivers.qemu.block.IoThreadMapping;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Controller;
import launcher.schemas.domain.Controller.ControllerDriver;

/** SCSI controllers on the command line. */
final class ScsiControllerCommand {
  private ScsiControllerCommand() {}

  static Optional<Props> props(Guest guest, Controller controller) {
    return switch (controller.model()) {
      case "virtio-scsi", "virtio-transitional", "virtio-non-transitional" ->
          Optional.of(virtio(guest, controller));
      case "lsilogic" -> Optional.of(ControllerCommand.named("lsi", controller));
      case "lsisas1068" -> Optional.of(ControllerCommand.named("mptsas1068", controller));
      case "lsisas1078" -> Optional.of(ControllerCommand.named("megasas", controller));
      case "ibmvscsi" -> Optional.of(ControllerCommand.named("spapr-vscsi", controller));
      case "vmpvscsi" -> Optional.of(ControllerCommand.named("pvscsi", controller));
      case "am53c974" -> Optional.of(ControllerCommand.named("am53c974", controller));
      case "dc390" -> Optional.of(ControllerCommand.named("dc-390", controller));
      default -> Optional.empty();
    };
  }

  private static Props virtio(Guest guest, Controller controller) {
    Props props =
        Virtio.device(guest, "virtio-scsi", controller.model(), controller, controller.driver());
    controller.driver().ifPresent(driver -> put(props, driver));
    return props.put("id", controller.alias());
  }

  private static void put(Props props, ControllerDriver driver) {
    driver.iothread().ifPresent(id -> props.put("iothread", "iothread" + id));
    if (!driver.iothreads().isEmpty()) {
      props.put("iothread-vq-mapping", IoThreadMapping.of(driver.iothreads()));
    }
    props
        .put("num_queues", driver.queues())
        .put("cmd_per_lun", driver.commandsPerLun())
        .put("max_sectors", driver.maxSectors());
    driver.ioeventfd().ifPresent(on -> props.put("ioeventfd", on));
  }
}
