package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.qmp.QmpEvent;
import launcher.engine.run.RunRecord.Job;
import launcher.engine.store.AtomicFile;
import launcher.spawn.Signal;

/**
 * Ends a save or a restore that an earlier engine began and did not live to end. A save whose file
 * is whole is saved, any other never was; a restore whose state is loaded goes on, any other is
 * given up and its file kept. The caller holds the guest by its lock, and the guest answers.
 */
public final class SavingRecovery {
  private static final Duration END = Duration.ofSeconds(60);

  private SavingRecovery() {}

  /** Ends what is under way, if anything. */
  public static void recover(GuestLife life) {
    Optional<ActiveRun> run = life.run();
    Optional<Job> job = run.flatMap(found -> found.record().job());
    if (job.isEmpty() || !(run.get().running() instanceof QemuRunning qemu)) {
      return;
    }
    try {
      switch (job.get().kind()) {
        case SAVING -> save(life, run.get(), qemu, job.get());
        case RESTORING -> restore(run.get(), qemu, job.get());
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "what was under way with guest '"
              + life.definition().name()
              + "' and '"
              + job.get().file()
              + "' cannot be ended: "
              + e.getMessage(),
          e);
    }
  }

  private static void save(GuestLife life, ActiveRun run, QemuRunning qemu, Job job)
      throws IOException {
    if (job.whole()) {
      if (Files.exists(job.partial())) {
        AtomicFile.rename(job.partial(), job.file());
      }
      GuestSaving.end(run, qemu);
      GuestSaving.mend(life, job.file(), run, job.resumes());
      return;
    }
    cancel(qemu);
    GuestSaving.goOn(run, qemu, job);
  }

  private static void cancel(QemuRunning qemu) {
    CompletableFuture<QmpEvent> end = qemu.jobs().next(Migration::isEnd);
    try {
      String status = qemu.monitor().ask("query-migrate").string("status", "");
      switch (status) {
        case "", "none", "completed", "failed", "cancelled" -> {
          // nothing is on its way
        }
        default -> {
          qemu.monitor().tryAsk("migrate_cancel", Props.empty(), QemuMonitor.QUESTION);
          end.get(END.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING, "QEMU does not end the save that was under way", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Kind.FAILED, "interrupted", e);
    } finally {
      end.cancel(false);
    }
  }

  private static void restore(ActiveRun run, QemuRunning qemu, Job job) throws IOException {
    String status = qemu.monitor().ask("query-status").string("status", "");
    if (status.equals("inmigrate")) {
      run.endsFor("failed");
      run.process().signal(Signal.KILL);
      run.over().join();
      return;
    }
    GuestRestoring.letRun(run, qemu, job);
  }
}
