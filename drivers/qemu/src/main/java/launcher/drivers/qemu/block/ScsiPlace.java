package launcher.drivers.qemu.block;

import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;

/** Where a device is on a SCSI bus, as QEMU is told. */
public final class ScsiPlace {
  private ScsiPlace() {}

  /** Adds bus and numbers: a plain bus has ids only, a virtio one channels and units too. */
  public static void put(Props props, Guest guest, Address.Drive place) {
    String model =
        DeviceAddresses.controller(guest, "scsi", place.controller())
            .map(c -> c.attribute("model", ""))
            .orElse("");
    String alias = DeviceAddresses.controllerAlias(guest, "scsi", place.controller());
    switch (model) {
      case "lsilogic", "ncr53c90", "am53c974", "dc390" ->
          props
              .put("bus", alias + (model.equals("ncr53c90") ? ".0" : "." + place.bus()))
              .put("scsi-id", place.unit());
      default ->
          props
              .put("bus", alias + ".0")
              .put("channel", place.bus())
              .put("scsi-id", place.target())
              .put("lun", place.unit());
    }
  }
}
