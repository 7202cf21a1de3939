package launcher.engine.disk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.BlockCommit;
import launcher.engine.BlockCopy;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.DiskJob;
import launcher.engine.run.DiskJob.Wish;
import launcher.engine.saving.OpenFile;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;

/**
 * Begins what is done with the images of a disk while the guest uses it; the caller holds the guest
 * by its lock. {@link DiskJobEnd} ends it.
 */
public final class DiskJobs {
  private final GuestLife life;
  private final ActiveRun run;
  private final QemuRunning qemu;
  private final QemuHypervisor hypervisor;
  private final DiskJobEnd end;

  /**
   * For a guest that runs.
   *
   * @param keep writes a changed definition
   * @throws EngineException when it does not run, or is no QEMU guest
   */
  public DiskJobs(GuestLife life, Consumer<Definition> keep) {
    this.life = life;
    run = life.running();
    Optional<QemuHypervisor> found = QemuHypervisor.of(life);
    if (found.isEmpty() || !(run.running() instanceof QemuRunning running)) {
      throw new EngineException(Kind.INVALID, "guest '" + guest() + "' is no QEMU guest");
    }
    qemu = running;
    hypervisor = found.get();
    end = new DiskJobEnd(life, run, qemu, hypervisor.files(life, qemu.monitor()), keep);
  }

  private String guest() {
    return life.definition().name();
  }

  /** What is to be done with a disk. */
  private record Place(XmlElement disk, Path image, LiveDisks.Drive drive, ChainNodes chain) {
    String target() {
      return disk.value("target/@dev", "");
    }

    /** The image right below the disk's own. */
    Optional<Path> backing() {
      return chain.files().stream().findFirst();
    }
  }

  private Place place(String word) {
    XmlElement disk = disk(word);
    String target = disk.value("target/@dev", "");
    end.settle();
    find(target)
        .ifPresent(job -> {
          throw new EngineException(
              Kind.WRONG_STATE,
              "disk '"
                  + target
                  + "' of guest '"
                  + guest()
                  + "' has a job already ("
                  + job.kind().words()
                  + "): wait for it, or use blockjob --abort");
        });
    Path image =
        OverlayXml.image(disk)
            .orElseThrow(() ->
                new EngineException(
                    Kind.INVALID,
                    "disk '" + target + "' of guest '" + guest() + "' has no file or device"));
    if (disk.hasChild("readonly") && !disk.is("device", "disk")) {
      throw new EngineException(Kind.INVALID, "disk '" + target + "' is only read");
    }
    return place(disk, image);
  }

  private Place place(XmlElement disk, Path image) {
    LiveDisks.Drive drive = new LiveDisks(guest(), qemu).drive(disk);
    return new Place(disk, image, drive, ChainNodes.of(qemu, drive.format()));
  }

  private XmlElement disk(String word) {
    return run.live().copy().childOrAdd("devices").children("disk").stream()
        .filter(disk -> OverlayXml.is(disk, word))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND, "guest '" + guest() + "' has no disk '" + word + "'"));
  }

  /** The job of a disk, if there is one. */
  public Optional<DiskJob> job(String word) {
    String target = disk(word).value("target/@dev", "");
    end.settle();
    return find(target);
  }

  private Optional<DiskJob> find(String target) {
    return run.record().diskJobs().stream().filter(job -> job.target().equals(target)).findFirst();
  }

  /**
   * What lies below a disk's image comes into it.
   *
   * @param base the first image that stays below; empty for none
   * @param speed in bytes a second; 0 for no limit
   */
  public DiskJob pull(String word, Optional<Path> base, long speed) {
    Place place = place(word);
    base.ifPresent(file -> place.chain().node(file));
    DiskJob job =
        new DiskJob(
            id("pull", place),
            DiskJob.Kind.PULL,
            place.target(),
            place.image(),
            Optional.empty(),
            "",
            base,
            "",
            List.of(),
            Wish.NONE);
    Props arguments = arguments(job, place.drive().top(), speed);
    base.ifPresent(file ->
        arguments.put("base-node", place.chain().node(file)).put("backing-file", file.toString()));
    begin("block-stream", arguments, job);
    return job;
  }

  /** An image goes into one below it. */
  public DiskJob commit(String word, BlockCommit wanted) {
    Place place = place(word);
    List<Path> below = place.chain().files();
    if (below.isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "disk '" + place.target() + "' has nothing below '" + place.image() + "' to commit to");
    }
    Path top = wanted.top().orElse(place.image());
    boolean active = top.equals(place.image());
    if (active != wanted.active()) {
      throw new EngineException(
          Kind.INVALID,
          active
              ? "'" + top + "' is what the guest writes to: use --active, --pivot or --keep-overlay"
              : "'" + top + "' is not what the guest writes to: leave --active out");
    }
    int from = below.indexOf(top) + 1;
    if (!active) {
      place.chain().node(top);
    }
    if (from >= below.size()) {
      throw new EngineException(Kind.INVALID, "nothing lies below '" + top + "'");
    }
    Path base = wanted.base().orElse(wanted.shallow() ? below.get(from) : below.getLast());
    String node = place.chain().node(base);
    if (below.indexOf(base) < from) {
      throw new EngineException(Kind.INVALID, "'" + base + "' does not lie below '" + top + "'");
    }
    List<Path> spent = new ArrayList<>();
    if (wanted.delete()) {
      spent.add(top);
      spent.addAll(below.subList(from, below.indexOf(base)));
    }
    DiskJob job =
        new DiskJob(
            id("commit", place),
            active ? DiskJob.Kind.ACTIVE_COMMIT : DiskJob.Kind.COMMIT,
            place.target(),
            active ? place.image() : top,
            Optional.of(base),
            ChainNodes.format(qemu, node),
            Optional.of(base),
            "",
            spent,
            Wish.NONE);
    Runnable writing =
        () ->
            new WritableChain(hypervisor, run, qemu)
                .writing(
                    place.target(),
                    base,
                    chain -> begin("block-commit", committing(job, place, chain, wanted), job));
    if (active) {
      admitted(DiskJobEnd.with(place.disk(), job), writing);
    } else {
      writing.run();
    }
    return job;
  }

  private static Props committing(DiskJob job, Place place, ChainNodes chain, BlockCommit wanted) {
    Path base = job.base().orElseThrow();
    Props arguments =
        arguments(job, place.drive().top(), wanted.speed()).put("base-node", chain.node(base));
    return job.kind().mirrors()
        ? arguments
        : arguments.put("top-node", chain.node(job.image())).put("backing-file", base.toString());
  }

  /** A disk is copied to another image, and kept the same until it is told to end. */
  public DiskJob copy(String word, BlockCopy wanted) {
    Place place = place(word);
    Path to = wanted.to().toAbsolutePath().normalize();
    String format =
        wanted.format().orElseGet(() -> ChainNodes.format(qemu, place.drive().format()));
    if (!wanted.reuse() && !wanted.device()) {
      refuseThere(to);
    } else if (!Files.exists(to)) {
      throw new EngineException(Kind.NOT_FOUND, "there is no '" + to + "' to copy to");
    }
    if (wanted.shallow() && !format.equals("qcow2")) {
      throw new EngineException(Kind.INVALID, "only a qcow2 copy can have something below it");
    }
    boolean shallow = wanted.shallow() && place.backing().isPresent();
    if (!wanted.reuse() && !wanted.device()) {
      make(place, to, format, shallow);
    }
    HotPlug plug = new HotPlug(guest(), qemu);
    XmlElement after = place.disk().copy();
    OverlayXml.set(after, to, format);
    DiskJob planned =
        new DiskJob(
            id("copy", place),
            shallow ? DiskJob.Kind.SHALLOW_COPY : DiskJob.Kind.COPY,
            place.target(),
            place.image(),
            Optional.of(to),
            format,
            place.backing().filter(_ -> shallow),
            "",
            List.of(),
            Wish.NONE);
    try {
      admitted(
          after,
          () -> {
            String node =
                plug.addImage(LiveImages.nodes(hypervisor, run, place.target(), to, format));
            Props arguments =
                arguments(planned, place.drive().top(), wanted.speed())
                    .put("target", node)
                    .put("sync", shallow ? "top" : "full");
            wanted.granularity().ifPresent(bytes -> arguments.put("granularity", bytes));
            wanted.buffer().ifPresent(bytes -> arguments.put("buf-size", bytes));
            if (wanted.synchronous()) {
              arguments.put("copy-mode", "write-blocking");
            }
            begin("blockdev-mirror", arguments, planned.in(node));
          });
    } catch (RuntimeException e) {
      plug.removeUnusedImages();
      if (!wanted.reuse() && !wanted.device()) {
        end.remove(to);
      }
      throw e;
    }
    return find(place.target()).orElse(planned);
  }

  private static void refuseThere(Path to) {
    AtomicFile.refuseSpecial(to);
    if (Files.exists(to, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      throw new EngineException(
          Kind.EXISTS, "'" + to + "' is there already: name another file, or --reuse-external");
    }
  }

  private void make(Place place, Path to, String format, boolean shallow) {
    ImageTool images = new ImageTool(life.context().spawner());
    if (shallow) {
      Path below = place.backing().orElseThrow();
      String kind = ChainNodes.format(qemu, place.chain().node(below));
      images.create(to, below, kind, place.drive().bytes());
    } else {
      images.create(to, format, place.drive().bytes());
    }
  }

  private static String id(String act, Place place) {
    return act + "-" + place.target();
  }

  private static Props arguments(DiskJob job, String device, long speed) {
    return Props.of("job-id", job.id())
        .put("device", device)
        .put("speed", speed)
        .put("auto-dismiss", false);
  }

  private void begin(String command, Props arguments, DiskJob job) {
    run.working(job);
    try {
      qemu.monitor().ask(command, arguments, QemuMonitor.WORK);
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING) {
        run.worked(job.id());
      }
      throw e;
    }
  }

  /** The image that is written to is the guest's before QEMU is told. */
  private void admitted(XmlElement disk, Runnable begin) {
    LiveFiles files = hypervisor.files(life, qemu.monitor());
    files.admit(disk);
    try {
      begin.run();
    } catch (RuntimeException e) {
      files.dismiss(disk, run.live());
      throw e;
    }
  }

  /** What QEMU says of a job: {@code len}, {@code offset}, {@code speed}, {@code ready} … */
  public Optional<JsonObject> progress(DiskJob job) {
    return qemu
        .monitor()
        .answer("query-block-jobs", Props.empty(), QemuMonitor.QUESTION)
        .objects("return")
        .stream()
        .filter(one -> one.string("device", "").equals(job.id()))
        .findFirst();
  }

  /** Limits a job; 0 for no limit. */
  public void speed(DiskJob job, long bytesPerSecond) {
    qemu.monitor()
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
      run.working(job.told(Wish.STOP));
      // one that mirrors leaves a whole image when it is ready; any other is given up
      qemu.monitor().ask("block-job-cancel", Props.of("device", job.id()), QemuMonitor.WORK);
      return;
    }
    boolean ready = progress(job).map(one -> one.bool("ready", false)).orElse(false);
    if (!job.kind().mirrors() || !ready) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "the job of disk '"
              + job.target()
              + "' of guest '"
              + guest()
              + "' is not ready for a pivot");
    }
    if (job.kind() == DiskJob.Kind.SHALLOW_COPY) {
      layBelow(job);
    }
    run.working(job.told(Wish.PIVOT));
    try {
      qemu.monitor().ask("job-complete", Props.of("id", job.id()), QemuMonitor.WORK);
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING) {
        run.working(job);
      }
      throw e;
    }
  }

  /** What lies below the disk lies below its copy too, from now on. */
  private void layBelow(DiskJob job) {
    ChainNodes chain = place(disk(job.target()), job.image()).chain();
    // opened once more: those of the disk are in use, and go with it
    String below =
        new WritableChain(hypervisor, run, qemu)
            .another(chain, chain.files(), List.of(OpenFile.Access.READ));
    qemu.monitor()
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
