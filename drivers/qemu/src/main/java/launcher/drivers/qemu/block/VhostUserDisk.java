package launcher.drivers.qemu.block;

import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Reconnects;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.CharBackend;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.Numbers;
import launcher.schemas.domain.StorageSource;

/** A disk whose back end is another process, spoken to over a vhost-user socket. */
final class VhostUserDisk {
  private VhostUserDisk() {}

  static void write(Guest guest, CommandLine out, Disk disk, StorageSource.VhostUser vhost) {
    String chardev = "chr-vu-" + disk.alias();
    Props socket = Props.of("backend", "socket").put("id", chardev).put("path", vhost.socket());
    vhost
        .reconnectSeconds()
        .ifPresent(s ->
            Reconnects.put(
                guest, socket, new CharBackend.Reconnect(true, (int) Numbers.parse(s).orElse(0))));
    out.add(disk, "-chardev", socket.text("backend"));
    Props props =
        Virtio.device(guest, "vhost-user-blk", disk.model().orElse(""), disk, disk.driver())
            .put("chardev", chardev)
            .put("id", disk.alias())
            .put("bootindex", disk.bootOrder());
    disk.driver().flatMap(d -> d.eventIdx()).ifPresent(on -> props.put("event_idx", on));
    disk.driver()
        .ifPresent(d -> props.put("num-queues", d.queues()).put("queue-size", d.queueSize()));
    DeviceAddresses.put(props, guest, disk);
    out.add(disk, "-device", props);
  }
}
