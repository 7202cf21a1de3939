package launcher.drivers.qemu.block;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import launcher.drivers.qemu.command.Guest;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.StorageSource;

/**
 * The names of all block nodes of a guest. Some other ids are made of them, so they are numbered as
 * people know them from libvirt: from the last disk to the first.
 */
final class BlockNames {
  private final IdentityHashMap<Disk, DiskNodes> disks = new IdentityHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  private BlockNames() {}

  static BlockNames of(Guest guest) {
    BlockNames names = new BlockNames();
    boolean rawLayer = rawLayer(guest);
    List<Disk> disks = guest.devices().disks();
    for (Disk disk : disks.reversed()) {
      if (isAttachedAtStart(disk) && hasNodes(disk.image().source())) {
        names.disks.put(disk, DiskNodes.of(disk, rawLayer, names.last::incrementAndGet));
      }
    }
    return names;
  }

  /** Whether a raw image needs a node for its format. */
  static boolean rawLayer(Guest guest) {
    // since QEMU 9.0 the file name that a backing image is known by does not depend on the layer
    return !guest.capabilities().schema().has("block-commit/backing-mask-protocol");
  }

  /** Whether a disk is on the command line, and not plugged in after the start. */
  static boolean isAttachedAtStart(Disk disk) {
    return !disk.sharesBacking() || TransientOverlays.isOverlay(disk);
  }

  private static boolean hasNodes(StorageSource source) {
    return switch (source) {
      case StorageSource.Empty empty -> false;
      case StorageSource.VhostUser vhost -> false;
      case StorageSource.File file -> true;
      case StorageSource.Block block -> true;
      case StorageSource.Folder folder -> true;
      case StorageSource.Volume volume -> true;
      case StorageSource.Nvme nvme -> true;
      case StorageSource.VhostVdpa vdpa -> true;
      case StorageSource.Network network -> true;
    };
  }

  /** The nodes of a disk, none for an empty drive. */
  Optional<DiskNodes> of(Disk disk) {
    return Optional.ofNullable(disks.get(disk));
  }

  /** The next number, for nodes that belong to no disk. */
  int next() {
    return last.incrementAndGet();
  }
}
