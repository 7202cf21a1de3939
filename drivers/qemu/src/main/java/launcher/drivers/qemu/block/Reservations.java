package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.Image;

/** Helpers that carry out SCSI reservations for QEMU, which has not the right to. */
final class Reservations {
  private static final String MANAGED = "pr-helper0";

  private Reservations() {}

  /** Id of the helper of an image whose lowest node is given. */
  static String id(Image image, String node) {
    boolean managed = image.reservations().filter(Image.Reservations::managed).isPresent();
    return managed ? MANAGED : "pr-helper-" + node;
  }

  /** Adds the helper that the launcher runs, if any disk needs it. */
  static void addManaged(Guest guest, CommandLine out) {
    for (Disk disk : guest.devices().disks()) {
      if (disk.image().reservations().filter(Image.Reservations::managed).isPresent()) {
        add(out, disk.element(), MANAGED, guest.folder() + "/" + MANAGED + ".sock");
        return;
      }
    }
  }

  static void add(CommandLine out, XmlElement origin, String id, String socket) {
    out.add(
        origin,
        "-object",
        Props.of("qom-type", "pr-manager-helper").put("id", id).put("path", socket));
  }
}
