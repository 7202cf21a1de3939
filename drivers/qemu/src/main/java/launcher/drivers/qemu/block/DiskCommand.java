package launcher.drivers.qemu.block;

import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.StorageSource;

/** Disks on the command line: images, filters and the drive. */
public final class DiskCommand {
  private DiskCommand() {}

  /** Adds all disks that are there when the guest starts. */
  public static void write(Guest guest, CommandLine out) {
    Reservations.addManaged(guest, out);
    FloppyController.write(guest, out);
    BlockNames names = BlockNames.of(guest);
    for (Disk disk : guest.devices().disks()) {
      if (BlockNames.isAttachedAtStart(disk)) {
        write(guest, out, disk, names.of(disk));
      }
    }
  }

  private static void write(Guest guest, CommandLine out, Disk disk, Optional<DiskNodes> nodes) {
    if (disk.target().bus().equals("sd")) {
      nodes.ifPresent(n -> SdCard.write(guest, out, disk, n));
      return;
    }
    nodes.ifPresent(n -> {
      new ImageCommand(guest, out, ImageOptions.of(disk)).write(n.images(), disk.readOnly());
      filters(out, disk, n);
    });
    if (disk.image().source() instanceof StorageSource.VhostUser vhost) {
      VhostUserDisk.write(guest, out, disk, vhost);
    } else {
      DriveCommand.write(guest, out, disk, nodes.map(DiskNodes::top));
    }
  }

  private static void filters(CommandLine out, Disk disk, DiskNodes nodes) {
    String below = nodes.images().top();
    if (nodes.copyOnRead().isPresent()) {
      String name = nodes.copyOnRead().get();
      out.add(
          disk,
          "-blockdev",
          Props.of("driver", "copy-on-read")
              .put("node-name", name)
              .put("file", below)
              .put("discard", "unmap"));
      below = name;
    }
    for (int i = 0; i < nodes.throttles().size(); i++) {
      String name = nodes.throttles().get(i);
      out.add(
          disk,
          "-blockdev",
          Props.of("driver", "throttle")
              .put("node-name", name)
              .put("throttle-group", "throttle-" + disk.throttleGroups().get(i))
              .put("file", below));
      below = name;
    }
  }
}
