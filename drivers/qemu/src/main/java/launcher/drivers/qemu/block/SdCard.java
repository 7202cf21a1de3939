package launcher.drivers.qemu.block;

import java.util.Optional;
import launcher.drivers.qemu.address.DiskName;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.DiskDriver;
import launcher.schemas.domain.StorageSource;

/** A card in the slot of a board: part of the machine, so its drive is given in the old way. */
final class SdCard {
  private SdCard() {}

  static void write(Guest guest, CommandLine out, Disk disk, DiskNodes nodes) {
    String node = nodes.images().storage();
    Props props = Props.empty();
    switch (disk.image().source()) {
      case StorageSource.File file -> props.put("file", file.path());
      case StorageSource.Block block -> props.put("file", block.path());
      case StorageSource source ->
          props.put("file", SourceProps.of(disk.image(), node, ImageOptions.of(disk)));
    }
    props
        .put("format", disk.image().format())
        .put("if", "sd")
        .put("index", DiskName.index(disk.target().name()));
    if (disk.readOnly()) {
      props.put("readonly", true);
    }
    disk.serial().ifPresent(serial -> props.put("serial", DriveCommand.serial(serial)));
    Optional<DiskDriver> driver = disk.driver();
    props
        .put("cache", driver.flatMap(DiskDriver::cache))
        .put("discard", driver.flatMap(DiskDriver::discard))
        .put("aio", driver.flatMap(DiskDriver::io));
    new ImageCommand(guest, out, ImageOptions.of(disk)).writeSecrets(nodes.images());
    out.add(disk, "-drive", props.text("_"));
  }
}
