package launcher.drivers.qemu.hostdev;

import launcher.drivers.qemu.block.HostBlockNode;
import launcher.drivers.qemu.block.ScsiPlace;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Hostdev;
import launcher.schemas.domain.HostdevBackend;

/** SCSI devices of the host: a block node each, and a drive that passes commands on. */
final class ScsiHostdevs {
  private final Guest guest;
  private final HostBlockNode nodes;

  private ScsiHostdevs(Guest guest, HostBlockNode nodes) {
    this.guest = guest;
    this.nodes = nodes;
  }

  static ScsiHostdevs of(Guest guest, CommandLine out) {
    return new ScsiHostdevs(guest, HostBlockNode.of(guest, out));
  }

  Props write(Hostdev hostdev, HostdevBackend.Scsi device) {
    String path =
        guest
            .host()
            .scsiGeneric(device.adapter(), device.bus(), device.target(), device.unit())
            .orElseThrow();
    return drive(hostdev, nodes.device(hostdev.element(), path, hostdev.readOnly()));
  }

  Props write(Hostdev hostdev, HostdevBackend.Iscsi target) {
    return drive(hostdev, nodes.image(target.image(), hostdev.readOnly()));
  }

  private Props drive(Hostdev hostdev, String node) {
    Props props = Props.of("driver", "scsi-generic").put("drive", node).put("id", hostdev.alias());
    if (hostdev.address().orElse(null) instanceof Address.Drive place) {
      ScsiPlace.put(props, guest, place);
    }
    return props;
  }
}
