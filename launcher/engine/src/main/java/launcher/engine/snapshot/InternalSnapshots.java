package launcher.engine.snapshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestSnapshots.RevertOptions;
import launcher.engine.JobProgress;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.disk.LiveDisks;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.qemu.BlockJob;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;
import launcher.spawn.Signal;

/** Snapshots inside qcow2 images: by QEMU while the guest runs, by qemu-img while it does not. */
final class InternalSnapshots {
  private final GuestLife life;
  private final ImageTool images;

  InternalSnapshots(GuestLife life, ImageTool images) {
    this.life = life;
    this.images = images;
  }

  private String guest() {
    return life.definition().name();
  }

  /** Takes one; half of one is taken back. */
  void take(Snapshot snapshot, Consumer<JobProgress> progress) {
    Optional<ActiveRun> run = life.run();
    if (run.isPresent()) {
      job(run.get(), "snapshot-save", snapshot, "snapshot", progress);
      return;
    }
    List<Path> done = new ArrayList<>();
    String tag = SnapshotTag.of(snapshot.name());
    try {
      for (Path file : files(life.definition().completed(), snapshot)) {
        images.take(file, tag);
        done.add(file);
      }
    } catch (EngineException e) {
      done.forEach(file -> images.delete(file, tag));
      throw e;
    }
  }

  private void job(
      ActiveRun run,
      String command,
      Snapshot snapshot,
      String act,
      Consumer<JobProgress> progress) {
    if (!(run.running() instanceof QemuRunning qemu)) {
      throw new EngineException(Kind.INVALID, "guest '" + guest() + "' is no QEMU guest");
    }
    List<String> nodes = nodes(run, qemu, snapshot);
    Props arguments =
        Props.of("tag", SnapshotTag.of(snapshot.name()))
            .put("vmstate", nodes.getFirst())
            .put("devices", nodes);
    if (command.equals("snapshot-delete")) {
      arguments.remove("vmstate");
    }
    new BlockJob(guest(), qemu, "launcher-" + UUID.randomUUID())
        .run(command, arguments, act, progress);
  }

  private List<String> nodes(ActiveRun run, QemuRunning qemu, Snapshot snapshot) {
    LiveDisks disks = new LiveDisks(guest(), qemu);
    List<String> nodes = new ArrayList<>();
    for (Snapshot.Disk disk : snapshot.disks(Mode.INTERNAL)) {
      XmlElement device = SnapshotDisks.disk(guest(), run.live().copy(), disk.target());
      nodes.add(disks.drive(device).format());
    }
    return nodes;
  }

  private List<Path> files(XmlElement domain, Snapshot snapshot) {
    List<Path> files = new ArrayList<>();
    XmlElement copy = domain.copy();
    for (Snapshot.Disk disk : snapshot.disks(Mode.INTERNAL)) {
      OverlayXml.image(SnapshotDisks.disk(guest(), copy, disk.target())).ifPresent(files::add);
    }
    return files;
  }

  /** What was begun is taken back, as far as it is there. */
  void undo(Snapshot snapshot) {
    String tag = SnapshotTag.of(snapshot.name());
    if (life.run().isPresent()) {
      try {
        job(life.running(), "snapshot-delete", snapshot, "snapshot-delete", p -> {});
      } catch (EngineException e) {
        // it had not come so far that an image holds it
        return;
      }
      return;
    }
    for (Path file : files(life.definition().completed(), snapshot)) {
      if (images.has(file, tag)) {
        images.delete(file, tag);
      }
    }
  }

  /**
   * Makes the images of a guest that was off what they were; those of a running one wait for it.
   */
  void revertImages(SnapshotStore.Entry entry) {
    if (entry.snapshot().memory()) {
      return;
    }
    String tag = SnapshotTag.of(entry.snapshot().name());
    for (Path file : files(entry.inactive(), entry.snapshot())) {
      images.apply(file, tag);
    }
  }

  /** Starts the guest as it was, or as it is to be. */
  void bringBack(SnapshotStore.Entry entry, RevertOptions options, Consumer<JobProgress> progress) {
    Snapshot snapshot = entry.snapshot();
    if (!snapshot.memory()) {
      if (options.running() || options.paused()) {
        life.start(new LaunchOptions(options.paused(), false), "from snapshot");
      }
      return;
    }
    XmlElement live = entry.domain();
    ActiveRun run = life.start(live, new LaunchOptions(true, false), "from snapshot");
    try {
      job(run, "snapshot-load", snapshot, "revert", progress);
      boolean runs = options.running() || !options.paused() && snapshot.state().equals("running");
      if (runs && run.running() instanceof QemuRunning qemu) {
        qemu.begin();
      }
    } catch (RuntimeException e) {
      run.endsFor("failed");
      run.process().signal(Signal.KILL);
      run.over().join();
      throw e;
    }
  }

  /** Removes one from the images. */
  void delete(Snapshot snapshot, Consumer<JobProgress> progress) {
    if (life.run().isPresent()) {
      job(life.running(), "snapshot-delete", snapshot, "snapshot-delete", progress);
      return;
    }
    String tag = SnapshotTag.of(snapshot.name());
    for (Path file : files(life.definition().completed(), snapshot)) {
      if (images.has(file, tag)) {
        images.delete(file, tag);
      }
    }
  }
}
