package launcher.engine.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.JobProgress;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.disk.DefinedDisks;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.snapshot.SnapshotImages.Base;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;

/** Deletes external snapshots: what came after one goes into the image that it left as it was. */
final class ExternalDeletion {
  private final GuestLife life;
  private final SnapshotStore store;
  private final SnapshotImages images;
  private final ImageTool tool;
  private final Consumer<Definition> keep;

  ExternalDeletion(
      GuestLife life,
      SnapshotStore store,
      SnapshotImages images,
      ImageTool tool,
      Consumer<Definition> keep) {
    this.life = life;
    this.store = store;
    this.images = images;
    this.tool = tool;
    this.keep = keep;
  }

  /** Writes what came after a snapshot into the image it left, and does without its new one. */
  void delete(SnapshotStore.Entry entry, Consumer<JobProgress> progress) {
    for (Snapshot.Disk disk : entry.snapshot().disks(Mode.EXTERNAL)) {
      Path overlay = disk.file().orElseThrow();
      Base base = Base.of(entry, disk.target());
      refuseShared(entry, disk, base);
      if (!Files.exists(overlay)) {
        continue;
      }
      boolean top = images.present().contains(overlay);
      List<SnapshotStore.Entry> above = standingOn(overlay, disk.target());
      if (top || !above.isEmpty()) {
        merge(disk, overlay, base, top, progress);
        above.forEach(other -> lower(other, disk.target(), overlay, base));
      }
    }
  }

  private void refuseShared(SnapshotStore.Entry entry, Snapshot.Disk disk, Base base) {
    for (SnapshotStore.Entry other : standingOn(base.file(), disk.target())) {
      if (!other.snapshot().name().equals(entry.snapshot().name()) && other.snapshot().external()) {
        throw new EngineException(
            Kind.WRONG_STATE,
            "snapshot '"
                + other.snapshot().name()
                + "' stands on the same image '"
                + base.file()
                + "': delete that one first, or use --metadata");
      }
    }
  }

  private List<SnapshotStore.Entry> standingOn(Path image, String target) {
    return store.all().stream()
        .filter(entry -> OverlayXml.hasImage(entry.domain(), target, image))
        .toList();
  }

  private void merge(
      Snapshot.Disk disk, Path overlay, Base base, boolean top, Consumer<JobProgress> progress) {
    if (life.run().isPresent()) {
      new LiveMerge(LiveGuest.of(life), disk.target(), overlay, base).run(progress);
    } else {
      Optional<Path> child = childOf(overlay, disk.target());
      tool.commit(overlay, base.file(), base.format());
      child.ifPresent(file -> tool.rebase(file, base.file(), base.format()));
    }
    if (top && life.definition().persistent()) {
      Consumer<XmlElement> change = device -> OverlayXml.set(device, base.file(), base.format());
      keep.accept(DefinedDisks.changed(life.definition(), Map.of(disk.target(), change)));
    }
  }

  /** The image right above another one, as a snapshot or the definition knows it. */
  private Optional<Path> childOf(Path image, String target) {
    return standingOn(image, target).stream()
        .flatMap(entry -> entry.snapshot().disks(Mode.EXTERNAL).stream())
        .filter(disk -> disk.target().equals(target))
        .findFirst()
        .flatMap(Snapshot.Disk::file);
  }

  /** Another snapshot stood on the image that went: it stands on the one below now. */
  private void lower(SnapshotStore.Entry other, String target, Path gone, Base base) {
    for (String which : List.of("domain", "inactiveDomain")) {
      other
          .xml()
          .child(which)
          .flatMap(domain -> OverlayXml.disk(domain, target))
          .filter(disk -> OverlayXml.image(disk).equals(Optional.of(gone)))
          .ifPresent(disk -> OverlayXml.set(disk, base.file(), base.format()));
    }
    store.replace(other.xml());
  }
}
