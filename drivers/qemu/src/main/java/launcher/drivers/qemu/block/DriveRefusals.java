package launcher.drivers.qemu.block;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What a drive on its bus cannot have. */
final class DriveRefusals {
  private static final List<String> HARD_DISKS = List.of("hd", "sd", "vd", "xvd", "ubd");
  private static final Set<String> REMOVABLE = Set.of("usb", "scsi");

  /** Buses whose disks QEMU can take away while it runs, as the copies of a shared image need. */
  private static final Set<String> SHARING = Set.of("virtio", "usb", "scsi");

  private DriveRefusals() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      String bus = disk.value("target/@bus", "");
      String kind = disk.attribute("device", "disk");
      name(draft, disk, kind);
      medium(draft, disk, bus, kind);
      geometry(draft, disk, bus);
      models(draft, disk, bus);
      identity(draft, disk, bus, kind);
      whole(draft, disk);
      driver(draft, disk);
      place(draft, disk, bus);
    }
  }

  private static void name(Draft draft, XmlElement disk, String kind) {
    String name = disk.value("target/@dev", "");
    boolean hard = kind.equals("disk") || kind.equals("lun");
    if (kind.equals("floppy") && !name.startsWith("fd")) {
      draft.refuse(disk, "invalid floppy device name: '%s'".formatted(name));
    } else if (hard && HARD_DISKS.stream().noneMatch(name::startsWith)) {
      draft.refuse(disk, "invalid harddisk device name: '%s'".formatted(name));
    }
  }

  private static void medium(Draft draft, XmlElement disk, String bus, String kind) {
    boolean tray = kind.equals("cdrom") || kind.equals("floppy");
    XmlElement target = disk.childOrAdd("target");
    if (target.has("tray") && !tray) {
      draft.refuse(target, "tray is only valid for cdrom and floppy");
    }
    if (target.has("removable") && !REMOVABLE.contains(bus)) {
      draft.refuse(target, "removable is only valid for usb or scsi disks");
    }
    if (disk.hasChild("readonly") && kind.equals("disk") && Set.of("ide", "sata").contains(bus)) {
      draft.refuse(disk, "readonly %s disks are not supported".formatted(bus));
    }
    if (disk.value("driver/@copy_on_read", "").equals("on")) {
      if (tray) {
        draft.refuse(
            disk,
            "copy_on_read is not supported with removable disk '%s'"
                .formatted(target.attribute("dev", "")));
      } else if (disk.hasChild("readonly")) {
        draft.refuse(
            disk,
            "copy_on_read is not compatible with read-only disk '%s'"
                .formatted(target.attribute("dev", "")));
      }
    }
    if ((disk.has("rawio") || disk.has("sgio")) && !kind.equals("lun")) {
      draft.refuse(disk, "rawio or sgio can be used only with device='lun'");
    }
  }

  private static void whole(Draft draft, XmlElement disk) {
    String name = disk.value("target/@dev", "");
    if (name.matches("[a-z]+[0-9]+")) {
      draft.refuse(
          disk,
          "invalid disk target '%s', partitions can't appear in disk targets".formatted(name));
    }
    if (disk.is("sgio", "unfiltered")) {
      draft.refuse(disk, "unfiltered sgio is no longer supported");
    }
    String policy = disk.value("source/@startupPolicy", "");
    if (!policy.isEmpty() && disk.is("type", "network")) {
      draft.refuse(
          disk,
          "disk startupPolicy '%s' is not allowed for disk of 'network' type".formatted(policy));
    } else if (policy.equals("requisite") && disk.is("device", "disk")) {
      draft.refuse(
          disk,
          "disk device '%s' does not support startupPolicy 'requisite'"
              .formatted(disk.attribute("device", "")));
    }
    if (disk.is("type", "dir") && !disk.hasChild("readonly")) {
      draft.refuse(disk, "virtual FAT storage can't be accessed in read-write mode");
    }
  }

  private static void driver(Draft draft, XmlElement disk) {
    XmlElement driver = disk.child("driver").orElse(XmlElement.of("driver"));
    String name = driver.attribute("name", "qemu");
    if (!name.equals("qemu")) {
      draft.refuse(driver, "unsupported driver name '%s', QEMU's is 'qemu'".formatted(name));
    }
    boolean direct = driver.is("cache", "none") || driver.is("cache", "directsync");
    if (driver.is("io", "native") && !direct) {
      draft.refuse(disk, "io='native' needs either no disk cache or directsync cache mode");
    }
    OptionalLong size = Numbers.parse(driver.attribute("queue_size", ""));
    if (size.isPresent() && Long.bitCount(size.getAsLong()) != 1) {
      draft.refuse(disk, "queue_size must be a power of two, not " + size.getAsLong());
    }
    disk.child("iotune")
        .ifPresent(tune -> {
          for (String unit : List.of("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max")) {
            boolean parts = isSet(tune, "read_" + unit) || isSet(tune, "write_" + unit);
            if (isSet(tune, "total_" + unit) && parts) {
              draft.refuse(
                  tune, "total and read/write %s cannot be set at the same time".formatted(unit));
            }
          }
        });
  }

  private static boolean isSet(XmlElement tune, String limit) {
    return Numbers.parse(tune.value(limit, "")).orElse(0) > 0;
  }

  private static void geometry(Draft draft, XmlElement disk, String bus) {
    if (disk.value("geometry/@trans").filter(t -> !t.equals("none")).isPresent()
        && !bus.equals("ide")) {
      draft.refuse(
          disk, "CHS translation mode can only be set for 'ide' bus not '%s'".formatted(bus));
    }
    if (disk.hasChild("geometry") && (bus.equals("usb") || bus.equals("sd"))) {
      draft.refuse(disk, "CHS geometry cannot be set for '%s' bus".formatted(bus));
    }
  }

  private static void models(Draft draft, XmlElement disk, String bus) {
    if (disk.has("model") && !bus.equals("virtio")) {
      draft.refuse(
          disk,
          "disk model '%s' is not supported for bus '%s'"
              .formatted(disk.attribute("model", ""), bus));
    }
    boolean sharing = disk.value("transient/@shareBacking", "").equals("yes");
    if (sharing && !SHARING.contains(bus)) {
      draft.refuse(
          disk, "a transient disk on bus '%s' cannot share what it is backed by".formatted(bus));
    }
    boolean drive = disk.is("device", "cdrom") || disk.is("device", "floppy");
    if (drive && bus.equals("usb") && SourceRefusals.isEmpty(disk)) {
      draft.refuse(disk, "a 'usb' disk must not be empty");
    }
  }

  private static void identity(Draft draft, XmlElement disk, String bus, String kind) {
    disk.child("serial")
        .filter(s -> !s.text().chars().allMatch(DriveRefusals::isSerial))
        .ifPresent(
            s -> draft.refuse(s, "serial '%s' contains unsafe characters".formatted(s.text())));
    if (kind.equals("lun")) {
      for (String part : List.of("serial", "wwn", "vendor", "product")) {
        disk.child(part)
            .ifPresent(p ->
                draft.refuse(p, "setting <%s> is not allowed for device='lun'".formatted(part)));
      }
    }
    if (disk.hasChild("wwn") && !Set.of("ide", "scsi").contains(bus)) {
      draft.refuse(disk, "only ide and scsi disks support wwn");
    }
  }

  private static boolean isSerial(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || "-_ .+\\".indexOf(c) >= 0);
  }

  private static void place(Draft draft, XmlElement disk, String bus) {
    XmlElement address = disk.child("address").filter(a -> a.is("type", "drive")).orElse(null);
    if (address == null) {
      return;
    }
    if (bus.equals("fdc") && !address.attribute("controller", "0").equals("0")) {
      draft.refuse(disk, "only 1 fdc controller is supported");
    }
    if (bus.equals("scsi")) {
      if (!address.attribute("bus", "0").equals("0")) {
        draft.refuse(disk, "a SCSI controller supports only 1 bus");
      }
      lsilogic(draft, disk, address);
    }
  }

  // Its ids are the units of a narrow bus; there are no further levels.
  private static void lsilogic(Draft draft, XmlElement disk, XmlElement address) {
    boolean narrow =
        draft.devices("controller").stream()
            .filter(c -> c.is("type", "scsi"))
            .filter(c -> c.is("index", address.attribute("controller", "0")))
            .anyMatch(c -> c.is("model", "lsilogic"));
    if (narrow && !address.attribute("target", "0").equals("0")) {
      draft.refuse(disk, "target must be 0 for controller model 'lsilogic'");
    }
    if (narrow && Numbers.parse(address.attribute("unit", "0")).orElse(0) > 7) {
      draft.refuse(disk, "unit must be at most 7 for controller model 'lsilogic'");
    }
  }
}
