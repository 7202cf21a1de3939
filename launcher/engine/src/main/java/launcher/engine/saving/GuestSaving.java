package launcher.engine.saving;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState.Phase;
import launcher.engine.JobProgress;
import launcher.engine.RestoreOptions;
import launcher.engine.SaveOptions;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.RunRecord.Job;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/** Saves a guest to a file and brings it back; the caller holds the guest by its lock. */
public final class GuestSaving {
  private static final Duration END = Duration.ofSeconds(60);

  private GuestSaving() {}

  /**
   * Where a guest's managed save lies: in a folder that no guest can write in, since its head says
   * what is started.
   */
  public static Path managed(GuestLife life) {
    return life.context().savedFolder(life.definition().uuid()).resolve("managed.save");
  }

  /** Removes a guest's managed save, if it has one. */
  public static void forget(GuestLife life) throws IOException {
    AtomicFile.delete(managed(life));
    removeEmpty(managed(life));
  }

  /** The folder is the file's alone, unless somebody put more there or mounted something on it. */
  static void removeEmpty(Path managed) throws IOException {
    Path folder = managed.resolveSibling("");
    try {
      Files.deleteIfExists(folder);
    } catch (FileSystemException somethingLasting) {
      return;
    }
  }

  /**
   * Saves it and ends its process. When anything fails, the guest goes on as before and no file is
   * left.
   *
   * @param file replaced when it is there
   */
  public static void save(
      GuestLife life,
      QemuRunning qemu,
      Path file,
      SaveOptions options,
      Consumer<JobProgress> progress) {
    AtomicFile.refuseSpecial(file);
    ActiveRun run = life.running();
    String name = life.definition().name();
    String live = XmlWriter.write(run.live());
    options.xml().ifPresent(other -> SavedText.refuseOther(other, live, name));
    String xml = options.xml().orElse(live);
    if (!run.record().diskJobs().isEmpty()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + name
              + "' is not saved while its disk has a job: "
              + run.record().diskJobs().getFirst().words()
              + "; wait for it, or use blockjob --abort");
    }
    boolean running = qemu.state().phase() != Phase.PAUSED; // one that was asked to end runs too
    boolean runs = options.running().orElse(running);
    Job job = new Job(Job.Kind.SAVING, file, running, file.equals(managed(life)), false);
    Path folder = file.toAbsolutePath().resolveSibling("");
    if (!job.managed() && !Files.isDirectory(folder)) {
      throw new EngineException(
          Kind.NOT_FOUND,
          "guest '"
              + name
              + "' is not saved to '"
              + file
              + "': there is no folder '"
              + folder
              + "'");
    }
    try {
      AtomicFile.folder(folder, 0700);
      run.job(Optional.of(job));
      Files.deleteIfExists(job.partial());
      SaveFile head = SaveFile.create(job.partial(), xml, runs);
      SavedHeads.of(life).remember(job.partial(), file, head);
      qemu.suspend();
      QemuHypervisor.lending(
          life,
          qemu.monitor(),
          job.partial(),
          () -> write(new Migration(name, qemu), job, head, options.bypassCache(), progress));
      sync(job.partial());
      // from here on it is saved, whoever dies: see SavingRecovery
      run.job(Optional.of(job.written()));
      AtomicFile.rename(job.partial(), file);
    } catch (IOException e) {
      goOn(life, run, qemu, job);
      throw new EngineException(
          Kind.FAILED, "guest '" + name + "' is not saved to '" + file + "': " + e.getMessage(), e);
    } catch (RuntimeException e) {
      goOn(life, run, qemu, job);
      throw e;
    }
    end(life, run, qemu);
    mend(life, file, xml, runs);
  }

  /** QEMU has ended and nobody writes any more: what it did to the head is undone, and said. */
  private static void mend(GuestLife life, Path file, String xml, boolean running) {
    String saved = "guest '" + life.definition().name() + "' is saved to '" + file + "', but ";
    try {
      if (SaveFile.mend(file, xml, running)) {
        throw new EngineException(
            Kind.FAILED,
            saved
                + "its QEMU changed the head of that file, which was written anew: the guest may have taken its QEMU over");
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, saved + "its head cannot be compared: " + e.getMessage(), e);
    }
  }

  /** The same for who comes after: what was written is known by its digest alone. */
  static void mend(GuestLife life, Path file, ActiveRun run, boolean running) {
    try {
      SavedHeads.of(life).read(file);
    } catch (EngineException changed) {
      mend(life, file, XmlWriter.write(run.live()), running);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + file + "' cannot be compared: " + e.getMessage(), e);
    }
  }

  private static void write(
      Migration migration,
      Job job,
      SaveFile head,
      boolean bypassCache,
      Consumer<JobProgress> progress)
      throws IOException {
    if (!bypassCache) {
      try (OpenFile open = OpenFile.open(job.partial(), OpenFile.Access.WRITE, head.begin())) {
        migration.out(open, progress);
      }
      return;
    }
    try (PastCache past = new PastCache(job.partial())) {
      try {
        migration.out(past.end(), progress);
      } catch (EngineException e) {
        past.check(); // the disk's reason says more than QEMU's broken pipe
        throw e;
      }
      past.finish();
    }
  }

  static void end(GuestLife life, ActiveRun run, QemuRunning qemu) {
    run.endsFor("saved");
    qemu.end();
    awaitEnd(run, life.definition().name());
  }

  static void goOn(GuestLife life, ActiveRun run, QemuRunning qemu, Job job) {
    try {
      Files.deleteIfExists(job.partial());
      if (job.resumes()) {
        qemu.resume();
      }
      run.job(Optional.empty());
    } catch (IOException | EngineException e) {
      // the failure that brought us here is the one to report
      return;
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void awaitEnd(ActiveRun run, String name) {
    try {
      run.over().get(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      run.process().signal(launcher.spawn.Signal.KILL);
      run.over().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Kind.FAILED, "interrupted; guest '" + name + "' is saved", e);
    }
  }

  /**
   * Brings a saved guest back.
   *
   * @throws EngineException when it does not come back; the file is as it was
   */
  public static void restore(
      GuestLife life, Path file, RestoreOptions options, Consumer<JobProgress> progress) {
    SaveFile saved = read(life, file);
    options.xml().ifPresent(other -> SavedText.refuseOther(other, saved.xml(), file.toString()));
    XmlElement live = XmlReader.read(file.toString(), options.xml().orElse(saved.xml()));
    refuseOther(life, live, file);
    Job job =
        new Job(
            Job.Kind.RESTORING,
            file.toAbsolutePath(),
            options.running().orElse(saved.running()),
            file.equals(managed(life)),
            false);
    ActiveRun run = life.start(live, new LaunchOptions(true, true), "restored", Optional.of(job));
    QemuRunning qemu = (QemuRunning) run.running();
    try (OpenFile open = OpenFile.open(file, OpenFile.Access.READ, saved.begin())) {
      Path opened = Path.of("/proc/self/fd/" + open.descriptor());
      if (!saved.equals(SaveFile.read(opened))) {
        throw SavedHeads.changed(file);
      }
      Migration migration = new Migration(life.definition().name(), qemu);
      QemuHypervisor.lending(
          life,
          qemu.monitor(),
          file,
          () -> {
            if (options.bypassCache()) {
              readPastCache(migration, opened, saved, progress);
            } else {
              migration.in(open, progress);
            }
          });
      letRun(life, run, qemu, job);
    } catch (IOException | RuntimeException e) {
      if (isUnderWay(e, job)) {
        throw (EngineException) e;
      }
      run.endsFor("failed");
      run.process().signal(launcher.spawn.Signal.KILL);
      run.over().join();
      throw e instanceof EngineException known
          ? known
          : new EngineException(
              Kind.FAILED, "'" + file + "' is not restored: " + e.getMessage(), e);
    }
  }

  private static void readPastCache(
      Migration migration, Path opened, SaveFile saved, Consumer<JobProgress> progress)
      throws IOException {
    try (PastCacheReading past = new PastCacheReading(opened, saved.begin())) {
      try {
        migration.in(past.end(), progress);
      } catch (EngineException e) {
        past.check(); // the disk's reason says more than QEMU's early end
        throw e;
      }
    }
  }

  private static SaveFile read(GuestLife life, Path file) {
    try {
      return SavedHeads.of(life).read(file);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "the saved guest '" + file + "' cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** It was told to run and has not answered: it may run, and its state is nowhere else. */
  private static boolean isUnderWay(Exception e, Job job) {
    return e instanceof EngineException known
        && known.kind() == Kind.NOT_ANSWERING
        && Files.exists(job.used());
  }

  /**
   * The state is loaded: lets the guest run, and sees to it that a managed save is never taken
   * twice. It is put aside before the guest runs and removed after, so that wherever this is cut
   * off it is known whether the guest's disks may have changed.
   */
  static void letRun(GuestLife life, ActiveRun run, QemuRunning qemu, Job job) throws IOException {
    if (job.managed() && Files.exists(job.file())) {
      AtomicFile.rename(job.file(), job.used());
    }
    try {
      // whatever its state seems to be: what a fresh monitor says of it comes later
      if (job.resumes()) {
        qemu.resume();
      }
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING && job.managed() && Files.exists(job.used())) {
        AtomicFile.rename(job.used(), job.file());
      }
      throw e;
    }
    if (job.managed()) {
      AtomicFile.delete(job.used());
      removeEmpty(job.file());
    }
    run.job(Optional.empty());
  }

  private static void refuseOther(GuestLife life, XmlElement live, Path file) {
    String uuid = live.value("uuid", "");
    if (!uuid.equals(life.definition().uuid())
        || !live.value("name", "").equals(life.definition().name())) {
      throw new EngineException(
          Kind.INVALID,
          "'"
              + file
              + "' holds guest '"
              + live.value("name", "")
              + "' ("
              + uuid
              + "), not '"
              + life.definition().name()
              + "'");
    }
  }
}
