package launcher.engine.saving;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import launcher.engine.SaveOptions;
import launcher.engine.disk.TransientDisks;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.RunRecord.Job;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlWriter;
import launcher.spawn.Signal;

/**
 * Saves a guest to a file; the caller holds the guest by its lock. {@link GuestRestoring} brings it
 * back.
 */
public final class GuestSaving {
  private static final Duration END = Duration.ofSeconds(60);

  private GuestSaving() {}

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
    TransientDisks.refuse(run.live(), "is not saved");
    String live = XmlWriter.write(run.live());
    options.xml().ifPresent(other -> SavedText.refuseOther(other, live, name));
    String xml = options.xml().orElse(live);
    refuseBusy(run);
    boolean running = qemu.state().phase() != Phase.PAUSED; // one that was asked to end runs too
    boolean runs = options.running().orElse(running);
    Job job = new Job(Job.Kind.SAVING, file, running, file.equals(ManagedSave.of(life)), false);
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
      write(life, qemu, job, xml, runs, options.bypassCache(), progress);
      // from here on it is saved, whoever dies: see SavingRecovery
      run.job(Optional.of(job.written()));
      AtomicFile.rename(job.partial(), file);
    } catch (IOException e) {
      goOn(run, qemu, job);
      throw new EngineException(
          Kind.FAILED, "guest '" + name + "' is not saved to '" + file + "': " + e.getMessage(), e);
    } catch (RuntimeException e) {
      goOn(run, qemu, job);
      throw e;
    }
    end(run, qemu);
    mend(life, file, xml, runs);
  }

  static void refuseBusy(ActiveRun run) {
    if (!run.record().diskJobs().isEmpty()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + run.record().name()
              + "' is not saved while its disk has a job: "
              + run.record().diskJobs().getFirst().words()
              + "; wait for it, or use blockjob --abort");
    }
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

  /**
   * Writes a guest into the partial file of its job; it stands still from then on.
   *
   * @param runs whether it is to run when it comes back from there
   */
  static void write(
      GuestLife life,
      QemuRunning qemu,
      Job job,
      String xml,
      boolean runs,
      boolean bypassCache,
      Consumer<JobProgress> progress)
      throws IOException {
    Files.deleteIfExists(job.partial());
    SaveFile head = SaveFile.create(job.partial(), xml, runs);
    SavedHeads.of(life).remember(job.partial(), job.file(), head);
    qemu.suspend();
    Migration migration = new Migration(life.definition().name(), qemu);
    QemuHypervisor.lending(
        life,
        qemu.monitor(),
        job.partial(),
        () -> write(migration, job, head, bypassCache, progress));
    sync(job.partial());
  }

  private static void write(
      Migration migration,
      Job job,
      SaveFile head,
      boolean bypassCache,
      Consumer<JobProgress> progress)
      throws IOException {
    if (!bypassCache) {
      try (OpenFile open = OpenFile.openMade(job.partial(), OpenFile.Access.WRITE, head.begin())) {
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

  static void end(ActiveRun run, QemuRunning qemu) {
    run.endsFor("saved");
    qemu.end();
    awaitEnd(run);
  }

  static void goOn(ActiveRun run, QemuRunning qemu, Job job) {
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
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.force(true);
    }
  }

  private static void awaitEnd(ActiveRun run) {
    try {
      run.over().get(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      run.process().signal(Signal.KILL);
      run.over().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "interrupted; guest '" + run.record().name() + "' is saved", e);
    }
  }
}
