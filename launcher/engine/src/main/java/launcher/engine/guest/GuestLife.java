package launcher.engine.guest;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.isolation.StepMemory;
import launcher.engine.run.DeviceMove;
import launcher.engine.run.DiskJob;
import launcher.engine.run.JobLeftovers;
import launcher.engine.run.RunRecord;
import launcher.engine.run.StepClock;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;
import org.jspecify.annotations.Nullable;

/**
 * The life of one guest. What changes it happens one after the other, under its own lock, so that
 * no guest waits for another; what is asked of it never takes the lock.
 */
public final class GuestLife {
  /** How long an act waits for the one before it. */
  private static final Duration BUSY = Duration.ofSeconds(30);

  /** A fresh guest says within milliseconds what it does. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /** What ends sooner by itself is not begun again, or it would be for ever. */
  private static final Duration TOO_SHORT = Duration.ofSeconds(1);

  private final EngineContext context;
  private final Consumer<GuestLife> vanished;
  private final ReentrantLock acts = new ReentrantLock(true);
  private volatile String act = "";
  private volatile Definition definition;
  private volatile @Nullable ActiveRun run;
  private volatile GuestState off;
  private volatile @Nullable RunEvents runEvents;
  private volatile boolean letGo;
  private volatile boolean gone;

  /**
   * A guest that does not run.
   *
   * @param vanished told when a transient guest has ended
   */
  public GuestLife(EngineContext context, Definition definition, Consumer<GuestLife> vanished) {
    this.context = context;
    this.definition = definition;
    this.vanished = vanished;
    off = new GuestState(Phase.SHUT_OFF, "unknown");
  }

  /** What it is. */
  public Definition definition() {
    return definition;
  }

  /** What it shares with the others. */
  public EngineContext context() {
    return context;
  }

  /** Replaces the definition; the caller has written it to disk. */
  public void redefine(Definition changed) {
    definition = changed;
    ActiveRun now = run;
    if (now != null) {
      now.change(record -> record.known(changed.name(), changed.persistent()), this::save);
    }
  }

  /** Remembers that a save or a restore is under way, or over. */
  public void job(ActiveRun now, Optional<RunRecord.Job> job) {
    now.change(record -> record.job(job), this::save);
  }

  /** What it does; never waits. */
  public GuestState state() {
    ActiveRun now = run;
    return now == null || !now.attached() ? off : now.running().state();
  }

  /** The present run. */
  public Optional<ActiveRun> run() {
    return Optional.ofNullable(run);
  }

  /**
   * The present run.
   *
   * @throws EngineException when it does not run
   */
  public ActiveRun running() {
    ActiveRun now = run;
    if (now == null || !now.attached()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + definition.name() + "' is not running");
    }
    return now;
  }

  /** It is no guest any more: who still has a handle of it can do nothing with it. */
  public void gone() {
    gone = true;
  }

  /** Does one thing after the one before it has ended. */
  public <T> T act(String what, Supplier<T> body) {
    try {
      if (!acts.tryLock(BUSY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EngineException(
            Kind.WRONG_STATE,
            "guest '"
                + definition.name()
                + "' is busy with '"
                + act
                + "': wait for it, or destroy the guest");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "'" + what + "' of guest '" + definition.name() + "' was interrupted", e);
    }
    try {
      if (letGo) {
        throw new EngineException(
            Kind.WRONG_STATE, "the engine of guest '" + definition.name() + "' is closed");
      }
      if (gone) {
        throw new EngineException(
            Kind.NOT_FOUND, "there is no guest '" + definition.name() + "' any more");
      }
      act = what;
      return body.get();
    } finally {
      act = "";
      acts.unlock();
    }
  }

  /** Does something, unless somebody else is doing something with it now. */
  public void ifIdle(Runnable body) {
    if (!acts.tryLock()) {
      return;
    }
    try {
      if (!letGo) {
        body.run();
      }
    } finally {
      acts.unlock();
    }
  }

  /** Does one thing after the one before it has ended. */
  public void act(String what, Runnable body) {
    act(
        what,
        () -> {
          body.run();
          return what;
        });
  }

  /** What a start would do. */
  public Launch launch(LaunchOptions options) {
    Definition now = definition;
    return launch(now, context.ids().get() + 1, options);
  }

  private Launch launch(Definition now, int id, LaunchOptions options) {
    return context
        .hypervisor(now.name(), now.type())
        .launch(now.completed(), context.grants(now, id), options);
  }

  /**
   * Starts it; the caller holds it by {@link #act}.
   *
   * @param reason of the state it will be in, such as {@code booted}
   * @throws EngineException naming the step that failed, with the program's own words
   */
  public ActiveRun start(LaunchOptions options, String reason) {
    return start(definition.completed(), options, reason);
  }

  /** Starts it as another definition of the same guest says, such as a saved one. */
  public ActiveRun start(XmlElement what, LaunchOptions options, String reason) {
    return start(what, options, reason, Optional.empty());
  }

  /**
   * Starts it as a saved definition says.
   *
   * @param job what is to follow, remembered from the beginning
   */
  public ActiveRun start(
      XmlElement what, LaunchOptions options, String reason, Optional<RunRecord.Job> job) {
    if (run != null) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + definition.name() + "' is already running");
    }
    Definition now = definition.as(what);
    StepClock clock = new StepClock();
    try {
      int id = context.ids().incrementAndGet();
      Launch launch = launch(now, id, options);
      clock.ended("make the plan");
      RunRecord record = GuestStart.record(now, id, launch, context.log(now.name()), reason, job);
      ActiveRun started = new GuestStart(this, launch, clock).start(record);
      off = new GuestState(Phase.SHUT_OFF, "unknown");
      if (options.paused() && !started.running().settled(SETTLING)) {
        context.emit(now.name(), "failure", "it does not say that it is paused");
      }
      context.emit(now.name(), "lifecycle", "Started " + reason);
      return started;
    } catch (RuntimeException e) {
      off = new GuestState(Phase.SHUT_OFF, "failed");
      if (!now.persistent()) {
        vanished.accept(this);
      }
      throw e;
    }
  }

  /** A run that an earlier engine began, found alive. */
  public void adopt(ActiveRun found) {
    begin(found, Optional.empty());
  }

  void begin(ActiveRun begun, Optional<Workspace> workspace) {
    RunEvents events = new RunEvents(this, begun);
    runEvents = events;
    begun.attach(
        context
            .hypervisor(definition.name(), begun.record().type())
            .attach(begun.record(), begun.live(), workspace, events));
    run = begun;
    var _ = begun.process().ended().whenComplete((nothing, failure) -> events.processEnded());
  }

  /**
   * Takes everything of an ended run back; by the run's own thread. Without the lock: an act that
   * holds it may be waiting for this very end.
   */
  void ended(ActiveRun over) {
    if (run != over || letGo) {
      return;
    }
    over.running().hearOut();
    // who watched it to its end may know the reason only now
    over.running().detach();
    String reason = over.endReason();
    over.process().close();
    context
        .runner()
        .undo(over.record().steps())
        .forEach(left -> context.emit(definition.name(), "leftover", left));
    JobLeftovers.remove(over.record())
        .forEach(left -> context.emit(definition.name(), "leftover", left));
    over.forget(() -> forget(over.record().uuid()));
    off = new GuestState(reason.equals("crashed") ? Phase.CRASHED : Phase.SHUT_OFF, reason);
    // last: from here on it may be started again
    run = null;
    context.emit(definition.name(), "lifecycle", "Stopped " + reason);
    if (!definition.persistent()) {
      vanished.accept(this);
    }
    over.over().complete(reason);
    if (definition.persistent() && over.running().beginsAgain(over.live(), reason)) {
      Thread.ofVirtual().name("restart " + definition.name()).start(() -> again(over, reason));
    }
  }

  /** What it asked for in its definition: to run again after an end that nobody else wanted. */
  private void again(ActiveRun over, String reason) {
    if (Duration.between(over.record().began(), Instant.now()).compareTo(TOO_SHORT) < 0) {
      context.emit(definition.name(), "failure", "not begun again: it ended right after its start");
      return;
    }
    try {
      act(
          "restart",
          () -> {
            if (run == null) {
              start(LaunchOptions.BOOT, reason.equals("crashed") ? "crashed" : "booted");
            }
          });
    } catch (RuntimeException e) {
      context.emit(definition.name(), "failure", "not begun again: " + e.getMessage());
    }
  }

  /**
   * Lets go of the guest and leaves it as it is: from now on it is another engine's.
   *
   * @param patience for what is under way; what takes longer is ended by who comes next
   */
  public void letGo(Duration patience) {
    letGo = true;
    boolean held = false;
    try {
      held = acts.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      ActiveRun now = run;
      if (now != null && now.attached()) {
        now.running().detach();
        now.process().close();
      }
      RunEvents telling = runEvents;
      if (telling != null) {
        telling.stop();
      }
    } finally {
      if (held) {
        acts.unlock();
      }
    }
  }

  /** It was found dead: what it left is taken back. */
  public void foundDead(RunRecord record) {
    context.runner().undo(record.steps());
    JobLeftovers.remove(record);
    forget(record.uuid());
    off =
        record.phase() == RunRecord.Phase.STARTED
            ? new GuestState(Phase.SHUT_OFF, "ended unseen")
            : new GuestState(Phase.SHUT_OFF, "failed");
  }

  void save(RunRecord record) {
    try {
      context.records().save(record);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the record of guest '" + record.name() + "' cannot be written: " + e.getMessage(),
          e);
    }
  }

  /** What is written down of a run's steps, for what is done while it runs. */
  public StepMemory steps(ActiveRun now) {
    return new StepMemory() {
      @Override
      public List<Step> steps() {
        return now.record().steps();
      }

      @Override
      public void steps(List<Step> changed) {
        now.change(record -> record.with(changed), GuestLife.this::save);
      }
    };
  }

  /** Replaces the live definition, in memory and on disk. */
  public void live(ActiveRun now, XmlElement changed) {
    now.live(changed);
    now.ifRemembered(() -> saveLive(now.record().uuid(), XmlWriter.write(changed)));
  }

  private void saveLive(String uuid, String xml) {
    try {
      context.records().saveLive(uuid, xml);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the live XML of guest '" + definition.name() + "' cannot be written: " + e.getMessage(),
          e);
    }
  }

  /** Remembers a step that lasts as long as the run; before it is taken. */
  public void hold(ActiveRun now, Step step) {
    now.change(record -> record.holding(step), this::save);
  }

  /** Remembers that a device is on its way, before QEMU is told. */
  public void moving(ActiveRun now, DeviceMove move) {
    now.change(
        record -> {
          List<DeviceMove> moves = new ArrayList<>(record.moves());
          moves.removeIf(other -> other.alias().equals(move.alias()));
          moves.add(move);
          return record.moving(moves);
        },
        this::save);
  }

  /** Tells everybody who listens. */
  public void tell(String kind, String detail) {
    context.emit(definition.name(), kind, detail);
  }

  /** The device of an alias has come, or gone, or stays. */
  public void settled(ActiveRun now, String alias) {
    if (now.record().moves().stream().anyMatch(move -> move.alias().equals(alias))) {
      now.change(
          record ->
              record.moving(
                  record.moves().stream().filter(move -> !move.alias().equals(alias)).toList()),
          this::save);
    }
  }

  /** Remembers a job on a disk, before QEMU is told; or what it was told since. */
  public void working(ActiveRun now, DiskJob job) {
    now.change(
        record -> {
          List<DiskJob> jobs = new ArrayList<>(record.diskJobs());
          jobs.removeIf(other -> other.id().equals(job.id()));
          jobs.add(job);
          return record.working(jobs);
        },
        this::save);
  }

  /** A job on a disk is over. */
  public void worked(ActiveRun now, String id) {
    now.change(
        record ->
            record.working(record.diskJobs().stream().filter(job -> !job.id().equals(id)).toList()),
        this::save);
  }

  private void forget(String uuid) {
    try {
      context.records().remove(uuid);
    } catch (IOException e) {
      context.emit(definition.name(), "leftover", "remove record: " + e.getMessage());
    }
  }
}
