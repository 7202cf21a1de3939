package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Puts each disk of a disk bus where its name says, and SCSI host devices where there is room. */
public final class DriveAddresses {
  private static final int SCSI_UNITS = 7;
  private static final int IDE_UNITS = 2;
  private static final int SATA_UNITS = 6;
  private static final int FLOPPY_UNITS = 2;

  private DriveAddresses() {}

  /** A place on a disk controller. */
  private record Place(int controller, int bus, int target, int unit) {
    void writeTo(XmlElement device) {
      device
          .childOrAdd("address")
          .set("type", "drive")
          .set("controller", controller)
          .set("bus", bus)
          .set("target", target)
          .set("unit", unit);
    }
  }

  /** Completes the disks of a draft. */
  public static void completeDisks(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.hasChild("address")) {
        disk.child("address").filter(a -> a.is("type", "drive")).ifPresent(DriveAddresses::fill);
        continue;
      }
      int index = DiskName.index(disk.value("target/@dev", ""));
      if (index >= 0) {
        place(disk.value("target/@bus", ""), index).ifPresent(place -> put(draft, disk, place));
      }
    }
  }

  private static void put(Draft draft, XmlElement disk, Place place) {
    boolean scsi = disk.value("target/@bus", "").equals("scsi");
    if (scsi && draft.devices("hostdev").stream().anyMatch(h -> isAt(h, place))) {
      draft.refuse(
          disk,
          "target name '%s' puts the disk where a SCSI host device is: controller='%d' bus='%d' target='%d' unit='%d'"
              .formatted(
                  disk.value("target/@dev", ""),
                  place.controller(),
                  place.bus(),
                  place.target(),
                  place.unit()));
    }
    place.writeTo(disk);
  }

  private static Optional<Place> place(String bus, int index) {
    return switch (bus) {
      // a narrow bus: eight ids, one of which is the controller's own
      case "scsi" -> Optional.of(new Place(index / SCSI_UNITS, 0, 0, index % SCSI_UNITS));
      case "ide" ->
          Optional.of(
              new Place(
                  index / (2 * IDE_UNITS),
                  index % (2 * IDE_UNITS) / IDE_UNITS,
                  0,
                  index % IDE_UNITS));
      case "sata" -> Optional.of(new Place(index / SATA_UNITS, 0, 0, index % SATA_UNITS));
      case "fdc" -> Optional.of(new Place(index / FLOPPY_UNITS, 0, 0, index % FLOPPY_UNITS));
      default -> Optional.empty();
    };
  }

  private static void fill(XmlElement address) {
    for (String part : List.of("controller", "bus", "target", "unit")) {
      address.setDefault(part, "0");
    }
  }

  /** Completes the SCSI host devices of a draft. */
  public static void completeHostDevices(Draft draft) {
    for (XmlElement hostdev : draft.devices("hostdev")) {
      if (!hostdev.is("type", "scsi")) {
        continue;
      }
      if (hostdev.hasChild("address")) {
        hostdev.child("address").filter(a -> a.is("type", "drive")).ifPresent(DriveAddresses::fill);
      } else {
        nextFree(draft).writeTo(hostdev);
      }
    }
  }

  private static Place nextFree(Draft draft) {
    for (int number = 0; ; number++) {
      int controller = number / SCSI_UNITS;
      Place place = new Place(controller, 0, 0, number % SCSI_UNITS);
      if (!isTaken(draft, place)) {
        return place;
      }
    }
  }

  private static boolean isTaken(Draft draft, Place place) {
    return draft.devices("disk").stream()
            .filter(d -> d.value("target/@bus", "").equals("scsi"))
            .anyMatch(d -> isAt(d, place))
        || draft.devices("hostdev").stream()
            .filter(h -> h.is("type", "scsi"))
            .anyMatch(h -> isAt(h, place));
  }

  private static boolean isAt(XmlElement device, Place place) {
    return device
        .child("address")
        .filter(a -> a.is("type", "drive"))
        .filter(a ->
            a.attribute("controller", "0").equals(Integer.toString(place.controller()))
                && a.attribute("bus", "0").equals(Integer.toString(place.bus()))
                && a.attribute("target", "0").equals(Integer.toString(place.target()))
                && a.attribute("unit", "0").equals(Integer.toString(place.unit())))
        .isPresent();
  }
}
