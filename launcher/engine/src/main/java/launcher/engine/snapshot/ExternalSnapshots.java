package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.JobProgress;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.SnapshotRequest;
import launcher.engine.disk.ChainNodes;
import launcher.engine.disk.DefinedDisks;
import launcher.engine.disk.ImageTool;
import launcher.engine.disk.LiveDisks;
import launcher.engine.disk.LiveImages;
import launcher.engine.disk.OverlayXml;
import launcher.engine.disk.WritableChain;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.BlockJob;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;

/** Snapshots by new images above the old ones. */
final class ExternalSnapshots {
  private final GuestLife life;
  private final SnapshotStore store;
  private final ImageTool images;
  private final Consumer<Definition> keep;

  ExternalSnapshots(
      GuestLife life, SnapshotStore store, ImageTool images, Consumer<Definition> keep) {
    this.life = life;
    this.store = store;
    this.images = images;
    this.keep = keep;
  }

  private String guest() {
    return life.definition().name();
  }

  /** Takes one: new images, then all disks change over at once, then the definitions say so. */
  void take(Snapshot snapshot, SnapshotRequest request, SnapshotActs.Quiet quiet) {
    List<Path> made = new ArrayList<>();
    try {
      if (life.run().isPresent()) {
        live(snapshot, request.reuse(), made, quiet);
      } else {
        for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
          make(life.definition().completed().copy(), disk, 0, request.reuse(), made);
        }
      }
    } catch (RuntimeException e) {
      takeBack(made);
      throw e;
    }
    if (life.definition().persistent()) {
      keep.accept(changed(life.definition(), snapshot));
    }
  }

  private void live(Snapshot snapshot, boolean reuse, List<Path> made, SnapshotActs.Quiet quiet) {
    ActiveRun run = life.running();
    QemuRunning qemu = qemu(run);
    LiveDisks drives = new LiveDisks(guest(), qemu);
    HotPlug plug = new HotPlug(guest(), qemu);
    Map<Snapshot.Disk, LiveDisks.Drive> known = new LinkedHashMap<>();
    List<LiveFiles.Move> moves = new ArrayList<>();
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      XmlElement live = run.live().copy();
      LiveDisks.Drive drive = drives.drive(disk(live, disk));
      known.put(disk, drive);
      make(live, disk, drive.bytes(), reuse, made);
      moves.add(new LiveFiles.Move(disk(live, disk), disk.file().orElseThrow()));
    }
    try {
      hypervisor()
          .files(life, qemu.monitor())
          .move(
              moves,
              () -> {
                List<Props> actions = new ArrayList<>();
                known.forEach((disk, drive) -> {
                  String overlay =
                      plug.addImage(
                          LiveImages.nodes(
                              hypervisor(),
                              run,
                              disk.target(),
                              disk.file().orElseThrow(),
                              "qcow2"));
                  actions.add(
                      Props.of("type", "blockdev-snapshot")
                          .put("data", Props.of("node", drive.format()).put("overlay", overlay)));
                });
                quiet.around(() ->
                    qemu.monitor()
                        .ask(
                            "transaction",
                            Props.empty().put("actions", actions),
                            QemuMonitor.WORK));
              });
    } catch (RuntimeException e) {
      plug.removeUnusedImages();
      throw e;
    }
    XmlElement changed = run.live().copy();
    snapshot
        .disks(Mode.EXTERNAL)
        .forEach(disk -> OverlayXml.put(disk(changed, disk), disk.file().orElseThrow()));
    run.live(changed);
  }

  private QemuHypervisor hypervisor() {
    return QemuHypervisor.of(life).orElseThrow(this::noQemuGuest);
  }

  private EngineException noQemuGuest() {
    return new EngineException(Kind.INVALID, "guest '" + guest() + "' is no QEMU guest");
  }

  private QemuRunning qemu(ActiveRun run) {
    if (run.running() instanceof QemuRunning qemu) {
      return qemu;
    }
    throw noQemuGuest();
  }

  private void make(
      XmlElement domain, Snapshot.Disk disk, long bytes, boolean reuse, List<Path> made) {
    XmlElement device = disk(domain, disk);
    Path overlay = disk.file().orElseThrow();
    if (reuse) {
      return;
    }
    Path base = OverlayXml.image(device).orElseThrow();
    made.add(overlay);
    create(overlay, new Base(base, device.value("driver/@type", "raw")), bytes);
  }

  /** Remembers first that the image is a snapshot's, so that none is ever left without an owner. */
  private void create(Path overlay, Base base, long bytes) {
    Set<Path> made = store.made();
    made.add(overlay);
    store.made(made);
    images.create(overlay, base.file(), base.format(), bytes);
  }

  /** Removes the images that snapshots made and nothing needs any more. */
  void sweep() {
    Set<Path> needed = new HashSet<>(present());
    life.run().ifPresent(run -> needed.addAll(images(run.live())));
    for (SnapshotStore.Entry entry : store.all()) {
      needed.addAll(images(entry.domain()));
      needed.addAll(images(entry.inactive()));
      entry.snapshot().disks().forEach(disk -> disk.file().ifPresent(needed::add));
    }
    Set<Path> kept = store.made();
    Set<Path> gone = new HashSet<>(kept);
    gone.removeAll(needed);
    if (!gone.isEmpty()) {
      remove(List.copyOf(gone));
      kept.removeAll(gone);
      store.made(kept);
    }
  }

  /** Removes images that were just made. */
  private void takeBack(List<Path> images) {
    remove(images);
    Set<Path> made = store.made();
    if (made.removeAll(images)) {
      store.made(made);
    }
  }

  /** An image is the user's own from now on. */
  void release(Snapshot snapshot) {
    Set<Path> made = store.made();
    boolean changed = false;
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      changed |= made.remove(disk.file().orElseThrow());
    }
    if (changed) {
      store.made(made);
    }
  }

  private static List<Path> images(XmlElement domain) {
    List<Path> files = new ArrayList<>();
    for (XmlElement disk : domain.copy().childOrAdd("devices").children("disk")) {
      OverlayXml.image(disk).ifPresent(files::add);
    }
    return files;
  }

  private static void remove(List<Path> made) {
    for (Path file : made) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // the failure that brought us here is the one to report
        return;
      }
    }
  }

  private XmlElement disk(XmlElement domain, Snapshot.Disk disk) {
    return OverlayXml.disk(domain, disk.target())
        .orElseThrow(() ->
            new EngineException(
                Kind.WRONG_STATE,
                "guest '" + guest() + "' has no disk '" + disk.target() + "' any more"));
  }

  /** The definition with the new images. */
  private Definition changed(Definition now, Snapshot snapshot) {
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
    List<Path> images =
        snapshot.disks(Mode.EXTERNAL).stream().map(disk -> disk.file().orElseThrow()).toList();
    if (life.run().isPresent()) {
      ActiveRun run = life.running();
      XmlElement live = run.live().copy();
      boolean known = snapshot.disks(Mode.EXTERNAL).stream().allMatch(disk -> has(live, disk));
      if (!known && !changedOver(run, snapshot)) {
        takeBack(images);
        new HotPlug(guest(), qemu(run)).removeUnusedImages();
        return false;
      }
      if (!known) {
        snapshot
            .disks(Mode.EXTERNAL)
            .forEach(disk -> OverlayXml.put(disk(live, disk), disk.file().orElseThrow()));
        run.live(live);
      }
    } else if (snapshot.state().equals("shutoff")
        && !snapshot.disks(Mode.EXTERNAL).stream()
            .allMatch(disk -> has(life.definition().completed().copy(), disk))) {
      takeBack(images);
      return false;
    }
    boolean defined =
        snapshot.disks(Mode.EXTERNAL).stream()
            .allMatch(disk -> has(life.definition().completed().copy(), disk));
    if (life.definition().persistent() && !defined) {
      keep.accept(changed(life.definition(), snapshot));
    }
    return true;
  }

  private static boolean has(XmlElement domain, Snapshot.Disk disk) {
    return OverlayXml.disk(domain, disk.target())
        .flatMap(OverlayXml::image)
        .filter(disk.file().orElseThrow()::equals)
        .isPresent();
  }

  /** Whether the drives stand on what the live definition takes for their images. */
  private boolean changedOver(ActiveRun run, Snapshot snapshot) {
    LiveDisks drives = new LiveDisks(guest(), qemu(run));
    XmlElement live = run.live().copy();
    return snapshot.disks(Mode.EXTERNAL).stream()
        .allMatch(disk -> {
          XmlElement device = disk(live, disk);
          String base = OverlayXml.image(device).map(Path::toString).orElse("");
          return drives.backing(device).equals(base);
        });
  }

  /** A disk's image before a snapshot and its format. */
  private record Base(Path file, String format) {}

  private Base base(SnapshotStore.Entry entry, String target) {
    XmlElement disk =
        OverlayXml.disk(entry.domain(), target)
            .orElseThrow(() ->
                new EngineException(
                    Kind.FAILED, "snapshot '" + entry.snapshot().name() + "' has no " + target));
    return new Base(OverlayXml.image(disk).orElseThrow(), disk.value("driver/@type", "raw"));
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
        Base base = base(entry, disk.target());
        Path fresh = fresh(base.file());
        made.add(fresh);
        create(fresh, base, 0);
        disks.set(
            disks.indexOf(disk),
            new Snapshot.Disk(disk.target(), Mode.EXTERNAL, Optional.of(fresh)));
        changes.put(disk.target(), device -> OverlayXml.put(device, fresh));
      }
    } catch (RuntimeException e) {
      takeBack(made);
      throw e;
    }
    Definition former = Definition.of(entry.written(), entry.inactive(), true);
    keep.accept(DefinedDisks.changed(former, changes));
    XmlElement xml = SnapshotXml.write(snapshot.with(disks), entry.domain(), inactive(entry));
    store.replace(xml);
  }

  private static Optional<XmlElement> inactive(SnapshotStore.Entry entry) {
    return entry.xml().hasChild("inactiveDomain")
        ? Optional.of(entry.inactive())
        : Optional.empty();
  }

  private List<Path> present() {
    return images(life.definition().completed());
  }

  private static Path fresh(Path base) {
    String file = String.valueOf(base.getFileName());
    int dot = file.lastIndexOf('.');
    String stem = dot > 0 ? file.substring(0, dot) : file;
    long now = Instant.now().getEpochSecond();
    Path free = base.resolveSibling(stem + "." + now);
    while (Files.exists(free)) {
      now++;
      free = base.resolveSibling(stem + "." + now);
    }
    return free;
  }

  /** Writes what came after a snapshot into the image it left, and does without its new one. */
  void delete(SnapshotStore.Entry entry, Consumer<JobProgress> progress) {
    for (Snapshot.Disk disk : entry.snapshot().disks(Mode.EXTERNAL)) {
      Path overlay = disk.file().orElseThrow();
      Base base = base(entry, disk.target());
      refuseShared(entry, disk, base);
      if (!Files.exists(overlay)) {
        continue;
      }
      boolean top = present().contains(overlay);
      List<SnapshotStore.Entry> above = standingOn(overlay, disk.target());
      if (top || !above.isEmpty()) {
        merge(disk, overlay, base, progress);
        above.forEach(other -> lower(other, disk.target(), overlay, base));
      }
    }
  }

  private void refuseShared(SnapshotStore.Entry entry, Snapshot.Disk disk, Base base) {
    for (SnapshotStore.Entry other : store.all()) {
      boolean sameBase =
          !other.snapshot().name().equals(entry.snapshot().name())
              && other.snapshot().external()
              && OverlayXml.disk(other.domain(), disk.target())
                  .flatMap(OverlayXml::image)
                  .filter(base.file()::equals)
                  .isPresent();
      if (sameBase) {
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
        .filter(entry ->
            OverlayXml.disk(entry.domain(), target)
                .flatMap(OverlayXml::image)
                .filter(image::equals)
                .isPresent())
        .toList();
  }

  private void merge(Snapshot.Disk disk, Path overlay, Base base, Consumer<JobProgress> progress) {
    boolean top = present().contains(overlay);
    Consumer<XmlElement> change = device -> OverlayXml.set(device, base.file(), base.format());
    if (life.run().isPresent()) {
      commitLive(disk, overlay, base, progress);
    } else {
      Optional<Path> child = childOf(overlay, disk.target());
      images.commit(overlay);
      child.ifPresent(file -> images.rebase(file, base.file(), base.format()));
    }
    if (top && life.definition().persistent()) {
      keep.accept(DefinedDisks.changed(life.definition(), Map.of(disk.target(), change)));
    }
  }

  /** The image right above another one, as a snapshot or the definition knows it. */
  private Optional<Path> childOf(Path image, String target) {
    for (SnapshotStore.Entry entry : standingOn(image, target)) {
      for (Snapshot.Disk disk : entry.snapshot().disks(Mode.EXTERNAL)) {
        if (disk.target().equals(target)) {
          return disk.file();
        }
      }
    }
    return Optional.empty();
  }

  private void commitLive(
      Snapshot.Disk disk, Path overlay, Base base, Consumer<JobProgress> progress) {
    ActiveRun run = life.running();
    QemuRunning qemu = qemu(run);
    XmlElement live = run.live().copy();
    XmlElement device = disk(live, disk);
    LiveDisks.Drive drive = new LiveDisks(guest(), qemu).drive(device);
    boolean top = OverlayXml.image(device).filter(overlay::equals).isPresent();
    Runnable job =
        () ->
            new WritableChain(hypervisor(), run, qemu)
                .writing(
                    disk.target(),
                    base.file(),
                    chain ->
                        new BlockJob(guest(), qemu, "launcher-" + UUID.randomUUID())
                            .run(
                                "block-commit",
                                committing(drive.top(), chain, overlay, base, top),
                                "commit",
                                progress));
    if (top) {
      hypervisor()
          .files(life, qemu.monitor())
          .move(List.of(new LiveFiles.Move(disk(run.live().copy(), disk), base.file())), job);
    } else {
      job.run();
    }
    if (top) {
      OverlayXml.set(device, base.file(), base.format());
      device.child("backingStore").ifPresent(XmlElement::detach);
      run.live(live);
    }
    new HotPlug(guest(), qemu).removeUnusedImages();
  }

  private static Props committing(
      String device, ChainNodes chain, Path overlay, Base base, boolean top) {
    Props arguments =
        Props.of("device", device)
            .put("base-node", chain.node(base.file()))
            .put("auto-dismiss", false)
            .put("auto-finalize", true);
    return top
        ? arguments
        : arguments
            .put("top-node", chain.node(overlay))
            .put("backing-file", base.file().toString());
  }

  /** Another snapshot stood on the image that went: it stands on the one below now. */
  private void lower(SnapshotStore.Entry other, String target, Path gone, Base base) {
    for (String which : List.of("domain", "inactiveDomain")) {
      other
          .xml()
          .child(which)
          .flatMap(domain -> OverlayXml.disk(domain, target))
          .filter(disk -> OverlayXml.image(disk).filter(gone::equals).isPresent())
          .ifPresent(disk -> OverlayXml.set(disk, base.file(), base.format()));
    }
    store.replace(other.xml());
  }
}
