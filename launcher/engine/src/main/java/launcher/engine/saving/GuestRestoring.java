package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.JobProgress;
import launcher.engine.RestoreOptions;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.RunRecord.Job;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.spawn.Signal;

/** Brings a saved guest back; the caller holds the guest by its lock. */
public final class GuestRestoring {
  private GuestRestoring() {}

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
            file.equals(ManagedSave.of(life)),
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
      letRun(run, qemu, job);
    } catch (IOException | RuntimeException e) {
      if (isUnderWay(e, job)) {
        throw (EngineException) e;
      }
      run.endsFor("failed");
      run.process().signal(Signal.KILL);
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
  static void letRun(ActiveRun run, QemuRunning qemu, Job job) throws IOException {
    if (job.managed() && Files.exists(job.file())) {
      AtomicFile.rename(job.file(), job.used());
    }
    try {
      // whatever its state seems to be: what a fresh monitor says of it comes later
      if (job.resumes()) {
        qemu.begin();
      }
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING && job.managed() && Files.exists(job.used())) {
        AtomicFile.rename(job.used(), job.file());
      }
      throw e;
    }
    if (job.managed()) {
      AtomicFile.delete(job.used());
      ManagedSave.removeEmpty(job.file());
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
