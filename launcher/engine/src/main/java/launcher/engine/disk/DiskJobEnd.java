package launcher.engine.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.DiskJob;
import launcher.engine.run.DiskJob.Wish;
import launcher.schemas.XmlElement;

/**
 * Ends jobs that have run their course: the live definition and the lasting one become what the
 * disk is now, before QEMU forgets the job. Whoever is killed in between finds it there still.
 */
final class DiskJobEnd {
  private final LiveGuest guest;
  private final ActiveRun run;
  private final QemuRunning qemu;
  private final Consumer<Definition> keep;

  DiskJobEnd(LiveGuest guest, Consumer<Definition> keep) {
    this.guest = guest;
    run = guest.run();
    qemu = guest.qemu();
    this.keep = keep;
  }

  /** The disk as it is when a job has done its work. */
  static XmlElement with(XmlElement disk, DiskJob job) {
    XmlElement after = disk.copy();
    apply(after, job);
    return after;
  }

  private static void apply(XmlElement disk, DiskJob job) {
    switch (job.kind()) {
      case PULL -> OverlayXml.shorten(disk, job.image(), job.base());
      case COMMIT -> OverlayXml.without(disk, job.image(), job.base().orElseThrow());
      case ACTIVE_COMMIT -> OverlayXml.lower(disk, job.to().orElseThrow(), job.format());
      case SHALLOW_COPY -> OverlayXml.set(disk, job.to().orElseThrow(), job.format());
      case COPY -> {
        boolean written = disk.child("backingStore").isPresent();
        disk.child("backingStore").ifPresent(XmlElement::detach);
        OverlayXml.set(disk, job.to().orElseThrow(), job.format());
        if (written) {
          disk.add("backingStore");
        }
      }
    }
  }

  void settle() {
    if (run.record().diskJobs().isEmpty()) {
      return;
    }
    List<JsonObject> known =
        qemu.monitor().answer("query-jobs", Props.empty(), QemuMonitor.WORK).objects("return");
    for (DiskJob job : run.record().diskJobs()) {
      Optional<JsonObject> now =
          known.stream().filter(one -> one.string("id", "").equals(job.id())).findFirst();
      if (now.isEmpty()) {
        // QEMU was never told, or a launcher was killed right after QEMU had forgotten it
        end(job, Optional.of("it was not begun"));
      } else if (now.get().string("status", "").equals("concluded")) {
        end(job, now.get().string("error"));
      }
    }
  }

  private void end(DiskJob job, Optional<String> error) {
    boolean changed =
        error.isEmpty()
            && (job.wish() == Wish.PIVOT || !job.kind().mirrors())
            && job.wish() != Wish.STOP;
    XmlElement live = guest.live();
    Optional<XmlElement> disk = OverlayXml.disk(live, job.target());
    if (disk.isPresent()) {
      XmlElement before = disk.get().copy();
      if (changed) {
        apply(disk.get(), job);
        run.live(live);
        define(job);
      }
      qemu.monitor().tryAsk("job-dismiss", Props.of("id", job.id()), QemuMonitor.QUESTION);
      guest.plug().removeUnusedImages();
      if (!changed && job.kind() == DiskJob.Kind.ACTIVE_COMMIT) {
        readAgain(disk.get(), job.to().orElseThrow());
      }
      if (job.kind() == DiskJob.Kind.COMMIT) {
        new WritableChain(guest).written(job.target());
      }
      giveBack(job, changed ? before : with(before, job), live);
    }
    run.worked(job.id());
    if (changed) {
      job.spent().forEach(this::remove);
    }
    tell(job, changed, error);
  }

  /** QEMU 7.2 leaves an image that was committed to open for writing, and locked, for ever. */
  private void readAgain(XmlElement disk, Path file) {
    String top = new LiveDisks(guest.name(), qemu).drive(disk).format();
    String node = ChainNodes.of(qemu, top).node(file);
    if (node.startsWith("#")) {
      return; // opened by QEMU itself, which lets nobody else reopen it
    }
    Props image =
        Props.of("node-name", node)
            .put("driver", ChainNodes.format(qemu, node))
            .put("read-only", true)
            .put("file", ChainNodes.child(qemu, node, "file"));
    String below = ChainNodes.child(qemu, node, "backing");
    if (!below.isEmpty()) {
      image.put("backing", below);
    }
    qemu.monitor()
        .tryAsk("blockdev-reopen", Props.empty().put("options", List.of(image)), QemuMonitor.WORK);
    WritableChain.withdraw(qemu, node);
  }

  private void giveBack(DiskJob job, XmlElement disk, XmlElement live) {
    if (!job.kind().mirrors()) {
      return;
    }
    try {
      guest.files().dismiss(disk, live);
    } catch (EngineException e) {
      // somebody has removed the copy: its lease goes with the guest, the disk is free for more
      guest
          .life()
          .tell("leftover", "give '" + job.to().orElseThrow() + "' back: " + e.getMessage());
    }
  }

  private void define(DiskJob job) {
    Definition now = guest.life().definition();
    boolean same =
        now.persistent()
            && OverlayXml.disk(now.completed(), job.target())
                .flatMap(OverlayXml::image)
                .filter(image -> job.kind() == DiskJob.Kind.COMMIT || image.equals(job.image()))
                .isPresent();
    if (same) {
      keep.accept(DefinedDisks.changed(now, Map.of(job.target(), disk -> apply(disk, job))));
    }
  }

  private void tell(DiskJob job, boolean changed, Optional<String> error) {
    boolean failed = error.isPresent() && job.wish() != Wish.STOP;
    if (failed) {
      run.jobFailed(job.id(), error.get());
    }
    boolean whole = changed || job.wish() == Wish.STOP && error.isEmpty() && job.kind().mirrors();
    String how = failed ? "failed: " + error.get() : whole ? "completed" : "canceled";
    guest.life().tell("block-job", job.words() + " " + how);
  }

  /** Removes an image that nothing needs; that it stays hurts nobody. */
  void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      guest.life().tell("leftover", "remove '" + file + "': " + e.getMessage());
    }
  }
}
