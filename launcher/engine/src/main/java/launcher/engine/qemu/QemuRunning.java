package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.ShutdownMode;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qmp.EventRelay;
import launcher.engine.qmp.QmpEvent;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;

/** A running QEMU. Its state is what its events said last, so that asking for it never waits. */
public final class QemuRunning implements Running {
  /** The kind of the event that the monitor is connected anew, after it had hung up. */
  public static final String CONNECTED = "monitor";

  private final RunRecord record;
  private final QemuMonitor monitor;
  private volatile LifecyclePolicy policy;
  private final RunListener listener;
  private final FileLending lending;
  private final boolean withoutTcp;
  private final Jobs jobs = new Jobs();
  private final QemuConsoles consoles;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  /** Events that wait to be answered; a QEMU that is well has one or two. */
  private static final int MOST_UNANSWERED = 50;

  /** Where events are answered with commands: the monitor's own thread must never wait. */
  private final ExecutorService answers =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_UNANSWERED),
          Thread.ofVirtual().name("answers").factory());

  private volatile GuestState state;
  private volatile boolean rebooting;
  private volatile String pauseReason = "user";

  QemuRunning(
      RunRecord record,
      QemuMonitor monitor,
      LifecyclePolicy policy,
      EventRelay events,
      RunListener listener,
      FileLending lending,
      boolean withoutTcp) {
    this.record = record;
    this.withoutTcp = withoutTcp;
    this.lending = lending;
    this.monitor = monitor;
    this.policy = policy;
    this.listener = listener;
    consoles = new QemuConsoles(record.name(), record.pid(), monitor);
    state = new GuestState(Phase.RUNNING, record.reason());
    events.listen(this::event);
    monitor.whenConnected(this::connected);
  }

  /** For the first time, or anew: what was said meanwhile nobody has heard. */
  private void connected() {
    boolean anew = settled.isDone();
    answer(() -> {
      if (anew) {
        jobs.lost("its monitor was connected anew");
      }
      settle();
      if (anew) {
        listener.event(CONNECTED, "anew");
      }
    });
  }

  // An answer that fails is told to people; after the end of the run nobody waits for one.
  private void answer(Runnable commands) {
    try {
      answers.execute(() -> {
        try {
          commands.run();
        } catch (EngineException e) {
          if (!answers.isShutdown()) {
            listener.event("failure", String.valueOf(e.getMessage()));
          }
        }
      });
    } catch (RejectedExecutionException over) {
      // let go of while the event came in, or it floods us
      return;
    }
  }

  private void settle() {
    String status = monitor.ask("query-status").string("status", "");
    GuestState seen = StatusWords.state(status, record.reason());
    if (!settled.isDone()) {
      state = seen;
    } else if (seen.phase() != state.phase()) {
      change(seen.phase(), seen.reason());
    }
    settled.complete(null);
    // what happened while nobody listened
    if (status.equals("shutdown")) {
      poweredOff("guest-shutdown");
    } else if (status.equals("guest-panicked")) {
      panicked();
    }
  }

  /** Its monitor, for what is not everybody's affair. */
  public QemuMonitor monitor() {
    return monitor;
  }

  /** Whether it binds and connects no TCP socket. */
  boolean withoutTcp() {
    return withoutTcp;
  }

  /** Its terminals. */
  public QemuConsoles consoles() {
    return consoles;
  }

  /** What it is told by events to whoever waits for them. */
  public Jobs jobs() {
    return jobs;
  }

  @Override
  public GuestState state() {
    GuestState now = state;
    boolean stopped = ProcessIdentity.of(record.pid()).map(ProcessIdentity::stopped).orElse(false);
    return new GuestState(now.phase(), now.reason(), monitor.answering() && !stopped);
  }

  @Override
  public boolean settled(Duration patience) {
    try {
      settled.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void suspend() {
    pauseReason = "user";
    monitor.ask("stop");
    change(Phase.PAUSED, "user");
  }

  @Override
  public void resume() {
    monitor.ask("cont");
    change(Phase.RUNNING, "unpaused");
  }

  /** Lets it run for the first time, restored or from a snapshot: that is its reason then. */
  public void begin() {
    monitor.ask("cont");
    change(Phase.RUNNING, record.reason());
  }

  /** Ends the process, with its disks closed. */
  public void end() {
    monitor.quit();
  }

  @Override
  public void reset() {
    monitor.ask("system_reset");
  }

  @Override
  public void shutdown(ShutdownMode mode) {
    if (state.phase() == Phase.PAUSED) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '" + record.name() + "' is paused and cannot shut down: resume or destroy it");
    }
    switch (mode) {
      case ANY, ACPI -> monitor.ask("system_powerdown");
      case AGENT -> throw noSuch(mode);
      case SIGNAL, INITCTL -> throw noSuch(mode);
    }
    change(Phase.IN_SHUTDOWN, "user");
  }

  @Override
  public void reboot(ShutdownMode mode) {
    // QEMU must not end at this power-off: it is half a reboot
    monitor.ask("set-action", Props.of("shutdown", "pause"), QemuMonitor.QUESTION);
    rebooting = true;
    shutdown(mode);
  }

  private EngineException noSuch(ShutdownMode mode) {
    return new EngineException(
        Kind.INVALID,
        "guest '"
            + record.name()
            + "' knows no shutdown by '"
            + mode.name().toLowerCase(Locale.ROOT)
            + "'");
  }

  /**
   * Does from now on what a live definition says of its power-off, its reboot and its crash; QEMU
   * has been told.
   */
  public void follow(XmlElement live) {
    policy = LifecyclePolicy.of(live);
  }

  /** Gives the guest's process a file that it is handed open, while it is used. */
  @FunctionalInterface
  interface FileLending {
    void during(Path file, LiveFiles.Use use) throws IOException;
  }

  /** What {@code set-action} is told of a live definition. */
  public static Props actions(XmlElement live) {
    LifecyclePolicy policy = LifecyclePolicy.of(live);
    return Props.of("shutdown", policy.endsAtPoweroff() ? "poweroff" : "pause")
        .put("reboot", policy.endsAtReboot() ? "shutdown" : "reset");
  }

  private void event(QmpEvent event) {
    jobs.event(event);
    switch (event.name()) {
      case "STOP" -> stopped();
      case "RESUME" ->
          change(Phase.RUNNING, state.phase() == Phase.PAUSED ? "unpaused" : record.reason());
      case "SUSPEND" -> change(Phase.SUSPENDED, "guest");
      case "WAKEUP" -> change(Phase.RUNNING, "wakeup");
      case "RESET" -> listener.event("reboot", event.data().string("reason", ""));
      case "BLOCK_IO_ERROR" -> {
        pauseReason = "I/O error";
        listener.event(
            "io-error",
            event.data().string("device", "") + " " + event.data().string("reason", ""));
      }
      case "BLOCK_WRITE_THRESHOLD" -> answer(() -> crossed(event.data()));
      case "WATCHDOG" -> {
        pauseReason = "watchdog";
        listener.event("watchdog", event.data().string("action", ""));
        if (policy.dumpsAtWatchdog()) {
          answer(this::barked);
        }
      }
      case "DEVICE_DELETED" ->
          event.data().string("device").ifPresent(alias -> listener.event("device-removed", alias));
      case "JOB_STATUS_CHANGE" -> job(event.data());
      case "SHUTDOWN" -> poweredOff(event.data().string("reason", ""));
      case "GUEST_PANICKED" -> {
        change(Phase.CRASHED, "panicked");
        answer(this::panicked);
      }
      default -> {
        // somebody may wait for it
      }
    }
  }

  private void crossed(JsonObject write) {
    String node = write.string("node-name", "");
    String disk =
        monitor
            .answer("query-block", Props.empty(), QemuMonitor.QUESTION)
            .objects("return")
            .stream()
            .filter(drive ->
                BlockNodes.storage(drive.object("inserted").string("node-name", "")).equals(node))
            .map(drive -> drive.string("qdev", node).replaceFirst("^/machine/peripheral/", ""))
            .map(path -> path.replaceFirst("/.*", ""))
            .findFirst()
            .orElse(node);
    listener.event(
        "block-threshold",
        "%s: byte %d passed by %d"
            .formatted(
                disk, write.number("write-threshold", 0), write.number("amount-exceeded", 0)));
  }

  private void job(JsonObject change) {
    String status = change.string("status", "");
    String id = change.string("id", "");
    if (status.equals("ready") || status.equals("concluded")) {
      listener.event("job", id + " " + status);
    }
  }

  private void barked() {
    dumpToFile();
    monitor.ask("cont");
  }

  private void stopped() {
    if (state.phase() != Phase.CRASHED) {
      change(Phase.PAUSED, pauseReason);
    }
    pauseReason = "user";
  }

  private void change(Phase phase, String reason) {
    GuestState next = new GuestState(phase, reason);
    if (!next.equals(state)) {
      state = next;
      listener.state(next);
    }
  }

  private void poweredOff(String reason) {
    boolean guestItself = reason.equals("guest-shutdown");
    if (rebooting && guestItself) {
      rebooting = false;
      answer(this::bootAnew);
    } else if (guestItself && policy.restartsAtPoweroff()) {
      answer(this::bootAnew);
    } else if (guestItself && !policy.endsAtPoweroff()) {
      change(Phase.PAUSED, "shut down");
    } else {
      listener.leaving(reason.startsWith("host") ? "destroyed" : "shutdown");
      change(Phase.IN_SHUTDOWN, "finished");
      answer(monitor::quit);
    }
  }

  private void bootAnew() {
    // SeaBIOS resets the machine twice itself when it comes up warm: what a reset of the guest is
    // to
    // be the end of would end here, so from now on a reset is a reset
    monitor.ask("set-action", Props.of("reboot", "reset"), QemuMonitor.QUESTION);
    CompletableFuture<QmpEvent> reset = jobs.next(event -> event.name().equals("RESET"));
    try {
      monitor.ask("system_reset");
      reset.get(QemuMonitor.WORK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new EngineException(
          Kind.NOT_ANSWERING, "guest '" + record.name() + "' does not boot anew", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "interrupted while guest '" + record.name() + "' boots anew", e);
    } finally {
      reset.cancel(false);
    }
    monitor.ask(
        "set-action",
        Props.of("shutdown", policy.endsAtPoweroff() ? "poweroff" : "pause"),
        QemuMonitor.QUESTION);
    monitor.ask("cont");
    change(Phase.RUNNING, "booted");
  }

  // One file a guest, replaced by the next: a guest that crashes for ever fills no disk.
  private void dumpToFile() {
    Path file = record.log().resolveSibling(record.log().getFileName() + ".core");
    new MemoryDump(record.name(), monitor)
        .write(file, MemoryDump.ELF, use -> lending.during(file, use));
    listener.event("core-dump", file.toString());
  }

  private void panicked() {
    listener.event("lifecycle", "Crashed Panicked");
    if (policy.dumpsAtCrash()) {
      dumpToFile();
    }
    if (policy.endsAtCrash()) {
      listener.leaving("crashed");
      monitor.quit();
    } else if (policy.restartsAtCrash()) {
      bootAnew();
    }
  }

  @Override
  public Console console(XmlElement live, String device, boolean replay) {
    return consoles.open(live, device, replay);
  }

  @Override
  public void hearOut() {
    monitor.hearOut();
  }

  @Override
  public void detach() {
    monitor.close();
    answers.shutdownNow();
  }
}
