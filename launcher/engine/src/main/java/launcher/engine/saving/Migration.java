package launcher.engine.saving;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.JobProgress;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.qmp.QmpEvent;
import launcher.engine.store.OpenFile;

/** Moves a guest's state through a passed descriptor: QEMU never opens a path, and runs nothing. */
final class Migration {
  private static final String NAME = "saved-state";

  /** The network's limit does not hold for a file. */
  private static final long UNLIMITED = 1L << 50;

  private static final Duration STEP = Duration.ofMillis(250);

  /** What QEMU may take to leave a migration that is cancelled; it closes the file then. */
  private static final Duration CANCEL = Duration.ofSeconds(15);

  /** Without any progress for so long, the file's storage is gone. */
  private static final Duration STALLED = Duration.ofMinutes(10);

  private final String guest;
  private final QemuRunning qemu;

  Migration(String guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /**
   * Moves the state out.
   *
   * @throws EngineException when it fails; the guest is as it was
   */
  void out(OpenFile file, Consumer<JobProgress> progress) {
    qemu.monitor()
        .ask(
            "migrate-set-parameters",
            Props.empty().put("max-bandwidth", UNLIMITED),
            QemuMonitor.QUESTION);
    move(file, "migrate", "save", progress);
  }

  /** Moves the state in; the guest is paused then. */
  void in(OpenFile file, Consumer<JobProgress> progress) {
    move(file, "migrate-incoming", "restore", progress);
  }

  private void move(OpenFile file, String command, String act, Consumer<JobProgress> progress) {
    Props events = Props.of("capability", "events").put("state", true);
    qemu.monitor()
        .ask(
            "migrate-set-capabilities",
            Props.empty().put("capabilities", List.of(events)),
            QemuMonitor.QUESTION);
    CompletableFuture<QmpEvent> end = qemu.jobs().next(Migration::isEnd);
    try {
      qemu.monitor().passing(file.descriptor(), "getfd", Props.of("fdname", NAME));
      qemu.monitor().ask(command, Props.of("uri", "fd:" + NAME), QemuMonitor.WORK);
      await(end, act, progress);
    } finally {
      end.cancel(false);
    }
  }

  static boolean isEnd(QmpEvent event) {
    String status = event.data().string("status", "");
    return event.name().equals("MIGRATION")
        && (status.equals("completed") || status.equals("failed") || status.equals("cancelled"));
  }

  private void await(CompletableFuture<QmpEvent> end, String act, Consumer<JobProgress> progress) {
    long last = -1;
    long since = System.nanoTime();
    while (true) {
      try {
        String status = end.get(STEP.toMillis(), TimeUnit.MILLISECONDS).data().string("status", "");
        finish(status, act, progress);
        return;
      } catch (TimeoutException notYet) {
        JobProgress now = progress(act);
        tell(progress, now, end);
        if (now.done() != last) {
          last = now.done();
          since = System.nanoTime();
        } else if (System.nanoTime() - since > STALLED.toNanos()) {
          throw failed(act, "no byte was moved for " + STALLED.toMinutes() + " minutes");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        qemu.monitor().tryAsk("migrate_cancel", Props.empty(), QemuMonitor.QUESTION);
        throw failed(act, "interrupted");
      } catch (ExecutionException e) {
        throw failed(act, String.valueOf(e.getMessage()));
      }
      if (qemu.monitor().ended()) {
        throw failed(act, "QEMU has ended, see its log");
      }
    }
  }

  /**
   * Who is told may refuse that it goes on: then it is cancelled before the refusal is passed on.
   */
  private void tell(
      Consumer<JobProgress> progress, JobProgress now, CompletableFuture<QmpEvent> end) {
    try {
      progress.accept(now);
    } catch (RuntimeException refused) {
      qemu.monitor().tryAsk("migrate_cancel", Props.empty(), QemuMonitor.QUESTION);
      try {
        end.get(CANCEL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        refused.addSuppressed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw refused;
    }
  }

  private void finish(String status, String act, Consumer<JobProgress> progress) {
    if (!status.equals("completed")) {
      String reason = qemu.monitor().ask("query-migrate").string("error-desc", status);
      throw failed(act, reason);
    }
    progress.accept(progress(act));
  }

  private JobProgress progress(String act) {
    JsonObject answer = qemu.monitor().ask("query-migrate");
    JsonObject memory = answer.object("ram");
    Object rate = memory.get("mbps");
    double megabits = rate instanceof Number number ? number.doubleValue() : 0;
    return new JobProgress(
        act,
        memory.number("transferred", 0),
        memory.number("total", 0),
        (long) (megabits * 1_000_000 / 8));
  }

  private EngineException failed(String act, String reason) {
    return new EngineException(
        Kind.FAILED, "'" + act + "' of guest '" + guest + "' failed: " + reason);
  }
}
