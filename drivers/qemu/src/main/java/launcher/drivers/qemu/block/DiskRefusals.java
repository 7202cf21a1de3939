package launcher.drivers.qemu.block;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.address.DiskName;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Drives that cannot be: names, buses, addresses and what a drive of a kind cannot have. */
final class DiskRefusals {
  private static final Set<String> BUSES =
      Set.of("ide", "sata", "scsi", "fdc", "virtio", "usb", "sd");

  private static final List<String> VIRTIO_OPTIONS =
      List.of(
          "ioeventfd",
          "event_idx",
          "iothread",
          "queues",
          "queue_size",
          "iommu",
          "ats",
          "packed",
          "page_per_vq");

  private DiskRefusals() {}

  /** Before addresses are given, most of which follow from the name. */
  static void checkNames(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      String name = disk.value("target/@dev", "");
      if (!name.isEmpty() && !disk.hasChild("address") && DiskName.index(name) < 0) {
        draft.refuse(disk, "unknown disk name '%s' and no address given".formatted(name));
      }
    }
  }

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      Optional<String> name = disk.value("target/@dev").filter(n -> !n.isEmpty());
      if (name.isEmpty()) {
        draft.refuse(disk, "disk without <target dev='…'>: its name in the guest is missing");
        continue;
      }
      bus(draft, disk, name.get());
      kind(draft, disk, name.get());
      onlySome(draft, disk);
    }
    duplicates(draft);
  }

  private static void bus(Draft draft, XmlElement disk, String name) {
    String bus = disk.value("target/@bus", "");
    if (!BUSES.contains(bus)) {
      draft.refuse(
          disk,
          bus.isEmpty()
              ? "disk '%s': the name says no bus, and no <target bus='…'> does".formatted(name)
              : "disk '%s': QEMU has no disks on bus '%s'".formatted(name, bus));
      return;
    }
    disk.child("address").ifPresent(address -> address(draft, disk, address, bus, name));
  }

  private static void address(
      Draft draft, XmlElement disk, XmlElement address, String bus, String name) {
    String type = address.attribute("type", "");
    boolean fits =
        switch (bus) {
          case "ide", "sata", "scsi", "fdc" -> type.equals("drive");
          case "usb" -> type.equals("usb");
          case "sd" -> false;
          default -> Set.of("pci", "ccw", "virtio-mmio", "virtio-s390").contains(type);
        };
    if (!fits) {
      draft.refuse(
          disk,
          "disk '%s' on bus '%s' cannot have an address of type '%s'".formatted(name, bus, type));
    } else if (type.equals("drive")) {
      place(draft, disk, address, bus, name);
    }
  }

  private static void place(
      Draft draft, XmlElement disk, XmlElement address, String bus, String name) {
    boolean hasBus = !address.attribute("bus", "0").equals("0");
    boolean hasTarget = !address.attribute("target", "0").equals("0");
    if (hasTarget && !bus.equals("scsi")) {
      draft.refuse(disk, "disk '%s': on bus '%s' target must be 0".formatted(name, bus));
    }
    if (hasBus && (bus.equals("sata") || bus.equals("fdc"))) {
      draft.refuse(disk, "disk '%s': a %s controller has one bus, 0".formatted(name, bus));
    }
  }

  private static void kind(Draft draft, XmlElement disk, String name) {
    String bus = disk.value("target/@bus", "");
    String kind = disk.attribute("device", "disk");
    if (kind.equals("floppy") != bus.equals("fdc")) {
      draft.refuse(disk, "disk '%s': floppy drives and bus 'fdc' go together only".formatted(name));
    }
    if (bus.equals("fdc") && draft.machine().pseries()) {
      draft.refuse(disk, "disk '%s': pseries machines have no floppy drive".formatted(name));
    }
    if (kind.equals("cdrom") && (bus.equals("virtio") || bus.equals("sd"))) {
      draft.refuse(disk, "disk '%s': bus '%s' has no CD-ROM drives".formatted(name, bus));
    }
    if (kind.equals("lun")) {
      lun(draft, disk, bus, name);
    }
  }

  private static void lun(Draft draft, XmlElement disk, String bus, String name) {
    boolean iscsi =
        disk.is("type", "network") && disk.value("source/@protocol", "").equals("iscsi");
    if (!disk.is("type", "block") && !disk.is("type", "volume") && !iscsi) {
      draft.refuse(
          disk, "disk '%s': device='lun' is only for block devices and iSCSI".formatted(name));
    }
    if (bus.equals("virtio") && !draft.capabilities().has("virtio-blk-pci", "scsi")) {
      draft.refuse(
          disk, "disk '%s': this QEMU's virtio-blk cannot pass SCSI commands".formatted(name));
    } else if (!bus.equals("scsi") && !bus.equals("virtio")) {
      draft.refuse(disk, "disk '%s': device='lun' needs bus='scsi'".formatted(name));
    }
    if (!disk.value("driver/@type", "raw").equals("raw")) {
      draft.refuse(disk, "disk '%s': device='lun' needs format 'raw'".formatted(name));
    }
  }

  private static void onlySome(Draft draft, XmlElement disk) {
    boolean scsi = disk.value("target/@bus", "").equals("scsi") && !disk.is("device", "lun");
    for (String part : List.of("vendor", "product")) {
      disk.child(part)
          .filter(e -> !scsi)
          .ifPresent(e -> draft.refuse(e, "only a SCSI disk has a '%s'".formatted(part)));
    }
    boolean virtio = disk.value("target/@bus", "").equals("virtio");
    for (String option : VIRTIO_OPTIONS) {
      disk.child("driver")
          .filter(d -> d.has(option) && !virtio)
          .ifPresent(
              d -> draft.refuse(d, "driver option '%s' is for virtio disks".formatted(option)));
    }
    String bus = disk.value("target/@bus", "");
    if (disk.value("target/@rotation_rate").isPresent()
        && !Set.of("ide", "sata", "scsi").contains(bus)) {
      draft.refuse(disk, "a disk on bus '%s' has no rotation rate".formatted(bus));
    }
    disk.value("wwn")
        .filter(w -> !w.matches("(0x)?[0-9a-fA-F]{16}"))
        .ifPresent(w -> draft.refuse(disk, "malformed wwn '%s': not 16 digits".formatted(w)));
  }

  private static void duplicates(Draft draft) {
    Map<String, XmlElement> names = new HashMap<>();
    Map<String, XmlElement> places = new HashMap<>();
    for (XmlElement disk : draft.devices("disk")) {
      String name = disk.value("target/@dev", "");
      if (!name.isEmpty() && names.putIfAbsent(name, disk) != null) {
        draft.refuse(disk, "target '%s' is the name of two disks".formatted(name));
      }
      Optional<XmlElement> address = disk.child("address").filter(a -> a.is("type", "drive"));
      String bus = disk.value("target/@bus", "");
      if (address.isPresent()) {
        String place = bus + " " + place(address.get());
        if (places.putIfAbsent(place, disk) != null) {
          draft.refuse(
              disk, "disk '%s' has the drive address of another disk: %s".formatted(name, place));
        }
      }
    }
  }

  private static String place(XmlElement address) {
    return "controller='%s' bus='%s' target='%s' unit='%s'"
        .formatted(
            address.attribute("controller", "0"),
            address.attribute("bus", "0"),
            address.attribute("target", "0"),
            address.attribute("unit", "0"));
  }
}
