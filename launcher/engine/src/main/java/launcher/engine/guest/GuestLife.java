package launcher.engine.guest;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.run.JobLeftovers;
import launcher.engine.run.RunRecord;
import launcher.engine.run.StepClock;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * The life of one guest. What changes it happens one after the other, under its own lock, so that
 * no guest waits for another; what is asked of it never takes the lock.
 */
public final class GuestLife {
  /** A fresh guest says within milliseconds what it does. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /** What ends sooner by itself is not begun again, or it would be for ever. */
  private static final Duration TOO_SHORT = Duration.ofSeconds(1);

  private final EngineContext context;
  private final Consumer<GuestLife> vanished;
  private final ActTurns turns = new ActTurns(() -> definition().name());
  private volatile Definition definition;
  private volatile @Nullable ActiveRun run;
  private volatile GuestState off;
  private volatile @Nullable RunEvents runEvents;
  private volatile boolean hasRun;

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
      now.known(changed);
    }
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

  /** What is being done to it, such as {@code save}; empty when nothing is. */
  public String busy() {
    return turns.now();
  }

  /** It is no guest any more: who still has a handle of it can do nothing with it. */
  public void gone() {
    turns.gone();
  }

  /** Does one thing after the one before it has ended. */
  public <T> T act(String what, Supplier<T> body) {
    return turns.take(what, body);
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

  /** Does something, unless somebody else is doing something with it now. */
  public void ifIdle(Runnable body) {
    turns.ifIdle(body);
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
    if (hasRun && !now.persistent()) {
      // its run is over, and who ended it is about to take it out of the list: nobody would find it
      throw turns.noneAnyMore();
    }
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
      vanishUnlessRunning();
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
    hasRun = true;
    run = begun;
    var _ = begun.process().ended().whenComplete((nothing, failure) -> events.processEnded());
  }

  /**
   * Takes everything of an ended run back; by the run's own thread. Without the lock: an act that
   * holds it may be waiting for this very end.
   */
  void ended(ActiveRun over) {
    if (run != over || turns.areOver()) {
      return;
    }
    over.running().hearOut();
    // who watched it to its end may know the reason only now
    over.running().detach();
    String reason = over.endReason();
    over.process().close();
    context.runner().undo(over.record().steps()).forEach(left -> tell("leftover", left));
    JobLeftovers.remove(over.record()).forEach(left -> tell("leftover", left));
    over.forget(() -> forget(over.record().uuid()));
    off = new GuestState(reason.equals("crashed") ? Phase.CRASHED : Phase.SHUT_OFF, reason);
    // last: from here on it may be started again
    run = null;
    tell("lifecycle", "Stopped " + reason);
    vanishUnlessRunning();
    over.over().complete(reason);
    if (definition.persistent() && over.running().beginsAgain(over.live(), reason)) {
      Thread.ofVirtual().name("restart " + definition.name()).start(() -> again(over, reason));
    }
  }

  /** A transient guest that does not run is none any more. */
  public void vanishUnlessRunning() {
    if (run == null && !definition.persistent()) {
      vanished.accept(this);
    }
  }

  /** What it asked for in its definition: to run again after an end that nobody else wanted. */
  private void again(ActiveRun over, String reason) {
    if (over.lasted().compareTo(TOO_SHORT) < 0) {
      tell("failure", "not begun again: it ended right after its start");
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
      tell("failure", "not begun again: " + e.getMessage());
    }
  }

  /**
   * Lets go of the guest and leaves it as it is: from now on it is another engine's.
   *
   * @param patience for what is under way; what takes longer is ended by who comes next
   */
  public void letGo(Duration patience) {
    turns.end(
        patience,
        () -> {
          ActiveRun now = run;
          if (now != null && now.attached()) {
            now.running().detach();
            now.process().close();
          }
          RunEvents telling = runEvents;
          if (telling != null) {
            telling.stop();
          }
        });
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

  /** Tells everybody who listens. */
  public void tell(String kind, String detail) {
    context.emit(definition.name(), kind, detail);
  }

  private void forget(String uuid) {
    try {
      context.records().remove(uuid);
    } catch (IOException e) {
      tell("leftover", "remove record: " + e.getMessage());
    }
  }
}
