package launcher.engine.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.engine.JobProgress;
import launcher.engine.disk.ChainNodes;
import launcher.engine.disk.LiveDisks;
import launcher.engine.disk.OverlayXml;
import launcher.engine.disk.WritableChain;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.BlockJob;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.snapshot.SnapshotImages.Base;
import launcher.schemas.XmlElement;

/**
 * An image of a running guest's disk goes into the one below it.
 *
 * @param guest the guest
 * @param target of the disk
 * @param overlay the image that goes
 * @param base the one right below it
 */
record LiveMerge(LiveGuest guest, String target, Path overlay, Base base) {
  void run(Consumer<JobProgress> progress) {
    XmlElement live = guest.live();
    XmlElement disk = SnapshotDisks.disk(guest.name(), live, target);
    LiveDisks.Drive drive = new LiveDisks(guest.name(), guest.qemu()).drive(disk);
    if (OverlayXml.image(disk).filter(overlay::equals).isPresent()) {
      XmlElement before = SnapshotDisks.disk(guest.name(), guest.live(), target);
      guest
          .files()
          .move(
              List.of(new LiveFiles.Move(before, base.file())),
              () -> commit(drive, true, progress));
      OverlayXml.set(disk, base.file(), base.format());
      disk.child("backingStore").ifPresent(XmlElement::detach);
      guest.run().live(live);
    } else {
      commit(drive, false, progress);
      new WritableChain(guest).written(target);
    }
    guest.plug().removeUnusedImages();
  }

  private void commit(LiveDisks.Drive drive, boolean top, Consumer<JobProgress> progress) {
    BlockJob job = new BlockJob(guest.name(), guest.qemu(), "launcher-" + UUID.randomUUID());
    new WritableChain(guest)
        .writing(
            target,
            base.file(),
            chain -> job.run("block-commit", arguments(drive, chain, top), "commit", progress));
  }

  private Props arguments(LiveDisks.Drive drive, ChainNodes chain, boolean top) {
    Props arguments =
        Props.of("device", drive.top())
            .put("base-node", chain.node(base.file()))
            .put("auto-dismiss", false)
            .put("auto-finalize", true);
    return top
        ? arguments
        : arguments
            .put("top-node", chain.node(overlay))
            .put("backing-file", base.file().toString());
  }
}
