package launcher.engine.qemu;

import java.time.Duration;
import java.util.Optional;
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
import launcher.engine.qmp.QmpEvent;

/** A job of a running QEMU (qapi/job.json): begun, watched to its end, and dismissed. */
public final class BlockJob {
  private static final Duration STEP = Duration.ofMillis(250);

  private final String guest;
  private final QemuRunning qemu;
  private final String id;

  /**
   * One job.
   *
   * @param id its name in QEMU, which no other job has
   */
  public BlockJob(String guest, QemuRunning qemu, String id) {
    this.guest = guest;
    this.qemu = qemu;
    this.id = id;
  }

  /**
   * Runs it to its end.
   *
   * @param command that begins it
   * @param arguments without its id
   * @param act what people call it
   * @throws EngineException with QEMU's words when it fails
   */
  public void run(String command, Props arguments, String act, Consumer<JobProgress> progress) {
    Props whole = Props.of("job-id", id).putAll(arguments);
    CompletableFuture<QmpEvent> concluded = next();
    try {
      qemu.monitor().ask(command, whole, QemuMonitor.WORK);
      await(concluded, act, progress);
      progress.accept(new JobProgress(act, 1, 1, 0));
    } finally {
      concluded.cancel(false);
    }
  }

  private CompletableFuture<QmpEvent> next() {
    return qemu.jobs().next(event -> is(event, "concluded") || is(event, "ready"));
  }

  private boolean is(QmpEvent event, String status) {
    return event.name().equals("JOB_STATUS_CHANGE")
        && event.data().string("id", "").equals(id)
        && event.data().string("status", "").equals(status);
  }

  private void await(
      CompletableFuture<QmpEvent> first, String act, Consumer<JobProgress> progress) {
    CompletableFuture<QmpEvent> awaited = first;
    while (true) {
      try {
        QmpEvent event = awaited.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
        if (is(event, "concluded")) {
          conclude(act);
          return;
        }
        // a commit of what is being written waits until it is told to change over
        awaited = next();
        qemu.monitor().ask("job-complete", Props.of("id", id), QemuMonitor.WORK);
      } catch (TimeoutException notYet) {
        try {
          show(act, progress);
        } catch (EngineException e) {
          throw e;
        } catch (RuntimeException refused) {
          cancel(awaited, act, refused);
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        qemu.monitor().tryAsk("job-cancel", Props.of("id", id), QemuMonitor.QUESTION);
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
   * Who is told may refuse that it goes on. Some jobs do not let themselves be cancelled, or are
   * done by then: those count as done.
   */
  private void cancel(CompletableFuture<QmpEvent> awaited, String act, RuntimeException refused) {
    qemu.monitor().tryAsk("job-cancel", Props.of("id", id), QemuMonitor.WORK);
    CompletableFuture<QmpEvent> last = awaited;
    boolean concluded = false;
    while (!concluded && !qemu.monitor().ended()) {
      try {
        concluded = is(last.get(STEP.toMillis(), TimeUnit.MILLISECONDS), "concluded");
        last = next();
      } catch (TimeoutException notYet) {
        concluded = job().map(job -> job.string("status", "").equals("concluded")).orElse(true);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed(act, "interrupted");
      } catch (ExecutionException e) {
        throw failed(act, String.valueOf(e.getMessage()));
      }
    }
    last.cancel(false);
    boolean given = job().map(job -> job.string("error").isPresent()).orElse(true);
    qemu.monitor().tryAsk("job-dismiss", Props.of("id", id), QemuMonitor.QUESTION);
    if (given) {
      throw refused;
    }
  }

  private void show(String act, Consumer<JobProgress> progress) {
    job()
        .ifPresent(job ->
            progress.accept(
                new JobProgress(
                    act, job.number("current-progress", 0), job.number("total-progress", 0), 0)));
  }

  private Optional<JsonObject> job() {
    return qemu
        .monitor()
        .answer("query-jobs", Props.empty(), QemuMonitor.WORK)
        .objects("return")
        .stream()
        .filter(job -> job.string("id", "").equals(id))
        .findFirst();
  }

  private void conclude(String act) {
    Optional<String> error = job().flatMap(job -> job.string("error"));
    qemu.monitor().tryAsk("job-dismiss", Props.of("id", id), QemuMonitor.QUESTION);
    if (error.isPresent()) {
      throw failed(act, error.get());
    }
  }

  private EngineException failed(String act, String reason) {
    return new EngineException(
        Kind.FAILED, "'" + act + "' of guest '" + guest + "' failed: " + reason);
  }
}
