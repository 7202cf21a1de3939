package launcher.drivers.qemu.block;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.DiskDriver;

/** A drive as the guest sees it: {@code -device} on top of a block node. */
final class DriveCommand {
  private DriveCommand() {}

  static void write(Guest guest, CommandLine out, Disk disk, Optional<String> node) {
    Props props = busProps(guest, disk);
    if (disk.shareable()) {
      props.put("share-rw", true);
    }
    props.put("drive", node).put("id", disk.alias());
    if (!disk.target().bus().equals("fdc")) {
      props.put("bootindex", disk.bootOrder());
      if (guest.machine().s390()) { // no other firmware has boot parameters
        props.put("loadparm", disk.loadparm());
      }
    }
    disk.blockIo()
        .ifPresent(io -> {
          putPositive(props, "logical_block_size", io.logical());
          putPositive(props, "physical_block_size", io.physical());
          props.put("discard_granularity", io.discardGranularity());
        });
    disk.wwn().ifPresent(w -> props.put("wwn", Long.parseUnsignedLong(hex(w), 16)));
    props
        .put("rotation_rate", disk.target().rotationRate())
        .put("vendor", disk.vendor())
        .put("product", disk.product());
    removable(props, disk);
    putIdentity(props, disk);
    putPolicies(props, disk);
    out.add(disk, "-device", props);
  }

  private static void putPositive(Props props, String key, int value) {
    if (value > 0) {
      props.put(key, value);
    }
  }

  private static String hex(String wwn) {
    return wwn.startsWith("0x") ? wwn.substring(2) : wwn;
  }

  private static void removable(Props props, Disk disk) {
    Optional<Boolean> removable = disk.target().removable();
    if (disk.target().bus().equals("usb")) {
      props.put("removable", removable.orElse(false));
    } else if (disk.target().bus().equals("scsi")) {
      removable.ifPresent(r -> props.put("removable", r));
    }
  }

  private static void putIdentity(Props props, Disk disk) {
    disk.geometry()
        .ifPresent(g -> {
          putPositive(props, "cyls", g.cylinders());
          putPositive(props, "heads", g.heads());
          putPositive(props, "secs", g.sectors());
          props.put("bios-chs-trans", g.translation());
        });
    disk.serial().ifPresent(s -> props.put("serial", serial(s)));
  }

  /** A serial number as guests have always got it from libvirt: blanks and backslashes escaped. */
  static String serial(String serial) {
    return serial.replace("\\", "\\\\").replace(" ", "\\ ");
  }

  private static void putPolicies(Props props, Disk disk) {
    if (disk.kind() != Disk.Kind.LUN) {
      props.put("write-cache", ImageOptions.writeCache(disk));
    }
    Optional<String> write = disk.driver().flatMap(DiskDriver::errorPolicy);
    Optional<String> read = disk.driver().flatMap(DiskDriver::readErrorPolicy);
    boolean noSpace = write.filter("enospace"::equals).isPresent();
    // QEMU spells it in another way, and has it for writing only
    props.put("werror", noSpace ? Optional.of("enospc") : write);
    props.put("rerror", read.isPresent() || noSpace ? read : write);
  }

  private static Props busProps(Guest guest, Disk disk) {
    return switch (disk.target().bus()) {
      case "virtio" -> virtio(guest, disk);
      case "scsi" -> scsi(guest, disk);
      case "usb" -> {
        Props props = Props.of("driver", "usb-storage");
        DeviceAddresses.put(props, guest, disk);
        yield props;
      }
      case "fdc" -> Props.of("driver", "floppy").put("unit", drive(disk).unit());
      default -> ide(guest, disk);
    };
  }

  private static Address.Drive drive(Disk disk) {
    return disk.address().orElse(null) instanceof Address.Drive drive
        ? drive
        : new Address.Drive(0, 0, 0, 0);
  }

  private static Props ide(Guest guest, Disk disk) {
    Address.Drive place = drive(disk);
    Props props = Props.of("driver", disk.kind() == Disk.Kind.CDROM ? "ide-cd" : "ide-hd");
    String type = disk.target().bus();
    boolean own = place.controller() == 0 && (type.equals("ide") || guest.machine().q35());
    // what the machine itself has keeps its name, whatever the user calls it
    String bus = own ? "ide" : DeviceAddresses.controllerAlias(guest, type, place.controller());
    return type.equals("sata")
        ? props.put("bus", bus + "." + place.unit())
        : props.put("bus", bus + "." + place.bus()).put("unit", place.unit());
  }

  private static Props scsi(Guest guest, Disk disk) {
    Address.Drive place = drive(disk);
    String driver =
        switch (disk.kind()) {
          case LUN -> "scsi-block";
          case CDROM -> "scsi-cd";
          case DISK, FLOPPY -> "scsi-hd";
        };
    Props props = Props.of("driver", driver);
    ScsiPlace.put(props, guest, place);
    if (disk.kind() != Disk.Kind.LUN) {
      props.put("device_id", disk.serial().orElse("drive-" + disk.alias()));
    }
    return props;
  }

  private static Props virtio(Guest guest, Disk disk) {
    Props props = Virtio.device(guest, "virtio-blk", disk.model().orElse(""), disk, disk.driver());
    disk.driver().ifPresent(driver -> queues(props, driver));
    if (disk.kind() == Disk.Kind.LUN) {
      props.put("scsi", true); // which old QEMU has, and others are refused for
    }
    DeviceAddresses.put(props, guest, disk);
    return props;
  }

  private static void queues(Props props, DiskDriver driver) {
    driver.iothread().ifPresent(id -> props.put("iothread", "iothread" + id));
    if (!driver.iothreads().isEmpty()) {
      props.put("iothread-vq-mapping", IoThreadMapping.of(driver.iothreads()));
    }
    driver.ioeventfd().ifPresent(on -> props.put("ioeventfd", on));
    driver.eventIdx().ifPresent(on -> props.put("event_idx", on));
    props.put("num-queues", driver.queues()).put("queue-size", driver.queueSize());
  }
}
