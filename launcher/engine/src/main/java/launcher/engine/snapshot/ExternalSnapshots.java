package launcher.engine.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.engine.JobProgress;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.SnapshotRequest;
import launcher.engine.disk.DefinedDisks;
import launcher.engine.disk.LiveDisks;
import launcher.engine.disk.LiveImages;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.snapshot.SnapshotImages.Base;
import launcher.schemas.XmlElement;

/** Snapshots by new images above the old ones. */
final class ExternalSnapshots {
  private final GuestLife life;
  private final SnapshotStore store;
  private final SnapshotImages images;
  private final SnapshotMemory memory;
  private final Consumer<Definition> keep;

  ExternalSnapshots(
      GuestLife life,
      SnapshotStore store,
      SnapshotImages images,
      SnapshotMemory memory,
      Consumer<Definition> keep) {
    this.life = life;
    this.store = store;
    this.images = images;
    this.memory = memory;
    this.keep = keep;
  }

  /** Takes one: new images, then all disks change over at once, then the definitions say so. */
  void take(
      Snapshot snapshot,
      SnapshotRequest request,
      SnapshotActs.Quiet quiet,
      Consumer<JobProgress> progress) {
    List<Path> made = new ArrayList<>();
    try {
      if (life.run().isPresent()) {
        memory.around(snapshot, progress, () -> live(snapshot, request.reuse(), made, quiet));
      } else {
        for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
          make(life.definition().completed().copy(), disk, 0, request.reuse(), made);
        }
      }
    } catch (RuntimeException e) {
      images.takeBack(made);
      throw e;
    }
    if (life.definition().persistent()) {
      keep.accept(changed(life.definition(), snapshot));
    }
  }

  private void live(Snapshot snapshot, boolean reuse, List<Path> made, SnapshotActs.Quiet quiet) {
    LiveGuest guest = LiveGuest.of(life);
    LiveDisks drives = new LiveDisks(guest.name(), guest.qemu());
    Map<Snapshot.Disk, LiveDisks.Drive> known = new LinkedHashMap<>();
    List<LiveFiles.Move> moves = new ArrayList<>();
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      XmlElement live = guest.live();
      LiveDisks.Drive drive = drives.drive(disk(live, disk));
      known.put(disk, drive);
      make(live, disk, drive.bytes(), reuse, made);
      moves.add(new LiveFiles.Move(disk(live, disk), disk.file().orElseThrow()));
    }
    HotPlug plug = guest.plug();
    try {
      guest
          .files()
          .move(
              moves,
              () -> {
                List<Props> actions = new ArrayList<>();
                known.forEach((disk, drive) -> actions.add(above(guest, plug, disk, drive)));
                if (actions.isEmpty()) {
                  return; // the memory alone
                }
                Props transaction = Props.empty().put("actions", actions);
                quiet.around(
                    () -> guest.monitor().ask("transaction", transaction, QemuMonitor.WORK));
              });
    } catch (RuntimeException e) {
      plug.removeUnusedImages();
      throw e;
    }
    putImages(guest, snapshot);
  }

  /** Adds the new image of a disk; says how it comes to stand above the present one. */
  private static Props above(
      LiveGuest guest, HotPlug plug, Snapshot.Disk disk, LiveDisks.Drive drive) {
    Path file = disk.file().orElseThrow();
    String overlay = plug.addImage(LiveImages.nodes(guest, disk.target(), file, "qcow2"));
    return Props.of("type", "blockdev-snapshot")
        .put("data", Props.of("node", drive.format()).put("overlay", overlay));
  }

  private void putImages(LiveGuest guest, Snapshot snapshot) {
    XmlElement changed = guest.live();
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      OverlayXml.put(disk(changed, disk), disk.file().orElseThrow());
    }
    guest.run().live(changed);
  }

  private void make(
      XmlElement domain, Snapshot.Disk disk, long bytes, boolean reuse, List<Path> made) {
    XmlElement device = disk(domain, disk);
    if (reuse) {
      return;
    }
    Path overlay = disk.file().orElseThrow();
    Base base = Base.of(device);
    made.add(overlay);
    images.create(overlay, base, bytes);
  }

  private XmlElement disk(XmlElement domain, Snapshot.Disk disk) {
    return SnapshotDisks.disk(life.definition().name(), domain, disk.target());
  }

  /** The definition with the new images. */
  private static Definition changed(Definition now, Snapshot snapshot) {
    Map<String, Consumer<XmlElement>> changes = new LinkedHashMap<>();
    snapshot
        .disks(Mode.EXTERNAL)
        .forEach(d -> changes.put(d.target(), x -> OverlayXml.put(x, d.file().orElseThrow())));
    return DefinedDisks.changed(now, changes);
  }

  /**
   * Ends what a launcher began that was killed: where QEMU or the definition has changed over
   * already, the rest follows, else the new images go.
   *
   * @return whether the snapshot was taken
   */
  boolean settle(Snapshot snapshot) {
    memory.stop(snapshot);
    boolean taken = settleDisks(snapshot);
    memory.settled(snapshot, taken);
    return taken;
  }

  private boolean settleDisks(Snapshot snapshot) {
    boolean defined = hasImages(life.definition().completed(), snapshot);
    boolean taken =
        life.run().isPresent()
            ? settleLive(LiveGuest.of(life), snapshot)
            : defined || !snapshot.state().equals("shutoff");
    if (!taken || !memory.isWhole(snapshot)) {
      images.takeBack(
          snapshot.disks(Mode.EXTERNAL).stream().map(disk -> disk.file().orElseThrow()).toList());
      return false;
    }
    if (life.definition().persistent() && !defined) {
      keep.accept(changed(life.definition(), snapshot));
    }
    return true;
  }

  private boolean settleLive(LiveGuest guest, Snapshot snapshot) {
    if (hasImages(guest.live(), snapshot)) {
      return true;
    }
    if (changedOver(guest, snapshot)) {
      putImages(guest, snapshot);
      return true;
    }
    guest.plug().removeUnusedImages();
    return false;
  }

  private static boolean hasImages(XmlElement domain, Snapshot snapshot) {
    XmlElement copy = domain.copy();
    return snapshot.disks(Mode.EXTERNAL).stream()
        .allMatch(disk -> OverlayXml.hasImage(copy, disk.target(), disk.file().orElseThrow()));
  }

  /** Whether the drives stand on what the live definition takes for their images. */
  private boolean changedOver(LiveGuest guest, Snapshot snapshot) {
    LiveDisks drives = new LiveDisks(guest.name(), guest.qemu());
    XmlElement live = guest.live();
    return snapshot.disks(Mode.EXTERNAL).stream()
        .allMatch(disk -> {
          XmlElement device = disk(live, disk);
          String base = OverlayXml.image(device).map(Path::toString).orElse("");
          return drives.backing(device).equals(base);
        });
  }

  /**
   * Puts fresh images above the old ones; what was written since goes unless a snapshot holds it.
   */
  void revert(SnapshotStore.Entry entry) {
    Snapshot snapshot = entry.snapshot();
    Map<String, Consumer<XmlElement>> changes = new LinkedHashMap<>();
    List<Snapshot.Disk> disks = new ArrayList<>(snapshot.disks());
    List<Path> made = new ArrayList<>();
    try {
      for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
        Base base = Base.of(entry, disk.target());
        Path fresh = fresh(base.file());
        made.add(fresh);
        images.create(fresh, base, 0);
        disks.set(
            disks.indexOf(disk),
            new Snapshot.Disk(disk.target(), Mode.EXTERNAL, Optional.of(fresh)));
        changes.put(disk.target(), device -> OverlayXml.put(device, fresh));
      }
    } catch (RuntimeException e) {
      images.takeBack(made);
      throw e;
    }
    Definition former = Definition.of(entry.written(), entry.inactive(), true);
    keep.accept(DefinedDisks.changed(former, changes));
    store.replace(SnapshotXml.write(snapshot.with(disks), entry.domain(), inactive(entry)));
  }

  private static Optional<XmlElement> inactive(SnapshotStore.Entry entry) {
    return entry.xml().hasChild("inactiveDomain")
        ? Optional.of(entry.inactive())
        : Optional.empty();
  }

  private static Path fresh(Path base) {
    long now = Instant.now().getEpochSecond();
    Path free = SnapshotDisks.beside(base, Long.toString(now));
    while (Files.exists(free)) {
      now++;
      free = SnapshotDisks.beside(base, Long.toString(now));
    }
    return free;
  }
}
