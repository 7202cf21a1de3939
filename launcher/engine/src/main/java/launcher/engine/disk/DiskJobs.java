package launcher.engine.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.BlockCommit;
import launcher.engine.BlockCopy;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.run.DiskJob;
import launcher.engine.run.DiskJob.Wish;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlElement;

/**
 * Begins what is done with the images of a disk while the guest uses it; the caller holds the guest
 * by its lock. {@link DiskJobEnd} ends it.
 */
public final class DiskJobs {
  private final LiveGuest guest;
  private final DiskJobStart start;
  private final DiskJobEnd end;

  /**
   * For a guest that runs.
   *
   * @param keep writes a changed definition
   * @throws EngineException when it does not run, or is no QEMU guest
   */
  public DiskJobs(GuestLife life, Consumer<Definition> keep) {
    guest = LiveGuest.of(life);
    start = new DiskJobStart(guest);
    end = new DiskJobEnd(guest, keep);
  }

  private DiskPlace place(String word) {
    XmlElement disk = disk(word);
    String target = disk.value("target/@dev", "");
    TransientDisks.refuseJob(disk, guest.name());
    end.settle();
    find(target)
        .ifPresent(job -> {
          throw new EngineException(
              Kind.WRONG_STATE,
              "disk '"
                  + target
                  + "' of guest '"
                  + guest.name()
                  + "' has a job already ("
                  + job.kind().words()
                  + "): wait for it, or use blockjob --abort");
        });
    Path image =
        OverlayXml.image(disk)
            .orElseThrow(() ->
                new EngineException(
                    Kind.INVALID,
                    "disk '" + target + "' of guest '" + guest.name() + "' has no file or device"));
    if (disk.hasChild("readonly") && !disk.is("device", "disk")) {
      throw new EngineException(Kind.INVALID, "disk '" + target + "' is only read");
    }
    return DiskPlace.of(guest, disk, image);
  }

  private XmlElement disk(String word) {
    return OverlayXml.named(guest.name(), guest.live(), word);
  }

  /** The job of a disk, if there is one. */
  public Optional<DiskJob> job(String word) {
    String target = disk(word).value("target/@dev", "");
    end.settle();
    return find(target);
  }

  private Optional<DiskJob> find(String target) {
    return guest.run().record().diskJobs().stream()
        .filter(job -> job.target().equals(target))
        .findFirst();
  }

  /**
   * What lies below a disk's image comes into it.
   *
   * @param base the first image that stays below; empty for none
   * @param speed in bytes a second; 0 for no limit
   */
  public DiskJob pull(String word, Optional<Path> base, long speed) {
    DiskPlace place = place(word);
    base.ifPresent(file -> place.chain().node(file));
    DiskJob job =
        new DiskJob(
            place.id("pull"),
            DiskJob.Kind.PULL,
            place.target(),
            place.image(),
            Optional.empty(),
            "",
            base,
            "",
            List.of(),
            Wish.NONE);
    Props arguments = DiskJobStart.arguments(job, place.drive().top(), speed);
    base.ifPresent(file ->
        arguments.put("base-node", place.chain().node(file)).put("backing-file", file.toString()));
    start.begin("block-stream", arguments, job);
    return job;
  }

  /** An image goes into one below it. */
  public DiskJob commit(String word, BlockCommit wanted) {
    DiskPlace place = place(word);
    CommitRange range = CommitRange.of(place, wanted);
    String node = place.chain().node(range.base());
    DiskJob job =
        new DiskJob(
            place.id("commit"),
            range.active() ? DiskJob.Kind.ACTIVE_COMMIT : DiskJob.Kind.COMMIT,
            place.target(),
            range.top(),
            Optional.of(range.base()),
            ChainNodes.format(guest.qemu(), node),
            Optional.of(range.base()),
            "",
            range.spent(),
            Wish.NONE);
    Runnable writing =
        () ->
            new WritableChain(guest)
                .writing(
                    place.target(),
                    range.base(),
                    chain ->
                        start.begin("block-commit", committing(job, place, chain, wanted), job));
    if (range.active()) {
      start.admitted(DiskJobEnd.with(place.disk(), job), writing);
    } else {
      writing.run();
    }
    return job;
  }

  private static Props committing(
      DiskJob job, DiskPlace place, ChainNodes chain, BlockCommit wanted) {
    Path base = job.base().orElseThrow();
    Props arguments =
        DiskJobStart.arguments(job, place.drive().top(), wanted.speed())
            .put("base-node", chain.node(base));
    return job.kind().mirrors()
        ? arguments
        : arguments.put("top-node", chain.node(job.image())).put("backing-file", base.toString());
  }

  /** A disk is copied to another image, and kept the same until it is told to end. */
  public DiskJob copy(String word, BlockCopy wanted) {
    DiskPlace place = place(word);
    DiskJob begun = new DiskCopy(guest, place, wanted).begin(end);
    return find(place.target()).orElse(begun);
  }

  /** What QEMU says of a job: {@code len}, {@code offset}, {@code speed}, {@code ready} … */
  public Optional<JsonObject> progress(DiskJob job) {
    return guest
        .monitor()
        .answer("query-block-jobs", Props.empty(), QemuMonitor.QUESTION)
        .objects("return")
        .stream()
        .filter(one -> one.string("device", "").equals(job.id()))
        .findFirst();
  }

  /** Limits a job; 0 for no limit. */
  public void speed(DiskJob job, long bytesPerSecond) {
    guest
        .monitor()
        .ask(
            "block-job-set-speed",
            Props.of("device", job.id()).put("speed", bytesPerSecond),
            QemuMonitor.WORK);
  }

  /**
   * Tells a job to end.
   *
   * @param pivot whether the disk becomes what it was written to; only of one that mirrors, once it
   *     is ready
   */
  public void stop(DiskJob job, boolean pivot) {
    if (!pivot) {
      guest.run().working(job.told(Wish.STOP));
      // one that mirrors leaves a whole image when it is ready; any other is given up
      guest.monitor().ask("block-job-cancel", Props.of("device", job.id()), QemuMonitor.WORK);
      return;
    }
    boolean ready = progress(job).map(one -> one.bool("ready", false)).orElse(false);
    if (!job.kind().mirrors() || !ready) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "the job of disk '"
              + job.target()
              + "' of guest '"
              + guest.name()
              + "' is not ready for a pivot");
    }
    if (job.kind() == DiskJob.Kind.SHALLOW_COPY) {
      layBelow(job);
    }
    guest.run().working(job.told(Wish.PIVOT));
    try {
      guest.monitor().ask("job-complete", Props.of("id", job.id()), QemuMonitor.WORK);
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING) {
        guest.run().working(job);
      }
      throw e;
    }
  }

  /** What lies below the disk lies below its copy too, from now on. */
  private void layBelow(DiskJob job) {
    ChainNodes chain = DiskPlace.of(guest, disk(job.target()), job.image()).chain();
    // opened once more: those of the disk are in use, and go with it
    String below =
        new WritableChain(guest).another(chain, chain.files(), List.of(OpenFile.Access.READ));
    guest
        .monitor()
        .ask(
            "blockdev-snapshot",
            Props.of("node", below).put("overlay", job.node()),
            QemuMonitor.WORK);
  }

  /** Ends what has run its course. */
  public void settle() {
    end.settle();
  }
}
