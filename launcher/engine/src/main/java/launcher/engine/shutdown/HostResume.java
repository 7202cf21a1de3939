package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import launcher.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the guests of a {@link SuspendRecord} back: each as it was, and once. A guest that cannot
 * be restored keeps its saved state; the others go on.
 */
public final class HostResume {
  /** Waits between two starts; the daemon's waits for real, a test's only notes it. */
  @FunctionalInterface
  public interface Delay {
    /** Returns after that time. */
    void await(Duration time) throws InterruptedException;
  }

  /** What the service manager is told a start may take; a restore that goes on says so itself. */
  private static final Duration START = Duration.ofMinutes(2);

  private final GuestActs acts;
  private final SuspendRecord record;
  private final HostPolicy policy;
  private final String session;
  private final Progress progress;
  private final Delay delay;
  private final BooleanSupplier enough;

  /**
   * @param acts starts guests
   * @param record what was done to them
   * @param policy whether they come back at all, and how far apart
   * @param session the present boot of the host
   * @param progress who is told
   * @param delay waits between two starts
   * @param enough asked before each start: true when the host goes down again, and the rest is to
   *     wait for its next boot
   */
  public HostResume(
      GuestActs acts,
      SuspendRecord record,
      HostPolicy policy,
      String session,
      Progress progress,
      Delay delay,
      BooleanSupplier enough) {
    this.acts = acts;
    this.record = record;
    this.policy = policy;
    this.session = session;
    this.progress = progress;
    this.delay = delay;
    this.enough = enough;
  }

  /**
   * Brings back whatever is pending, the guest that was stopped last first.
   *
   * @return what became of each guest
   */
  public List<Outcome> run() throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    Duration pause = Duration.ZERO;
    for (SuspendRecord.Entry entry : record.pending().reversed()) {
      if (pause.isPositive()) {
        progress.needs(pause.plus(START));
        delay.await(pause);
      }
      if (enough.getAsBoolean()) {
        progress.told("the host goes down again: who is not back yet comes back at its next boot");
        break;
      }
      progress.needs(START);
      long begun = System.nanoTime();
      List<String> remarks = new ArrayList<>();
      @Nullable String did = null;
      pause = Duration.ZERO;
      try {
        did = bringBack(entry, remarks);
        if (did.startsWith("resumed") || did.startsWith("started")) {
          pause = acts.policy(entry.uuid()).startDelay().orElse(policy.startDelay());
        }
      } catch (EngineException e) {
        remarks.add(
            e.getMessage()
                + (acts.hasSavedState(entry.uuid()) ? " (its saved state is kept)" : ""));
      }
      Outcome outcome =
          new Outcome(
              entry.name(),
              Optional.ofNullable(did),
              String.join("; ", remarks),
              Duration.ofNanos(System.nanoTime() - begun));
      progress.told(outcome.toString());
      outcomes.add(outcome);
    }
    record.endResume(session);
    return outcomes;
  }

  private String bringBack(SuspendRecord.Entry entry, List<String> remarks) {
    if (acts.isActive(entry.uuid())) {
      return settled(entry, "runs already");
    }
    boolean wasBack = entry.stage() == SuspendRecord.Stage.BACK;
    if (wasBack && entry.session().equals(session)) {
      return settled(entry, "left off: it was stopped after it had come back");
    }
    if (!policy.resume()) {
      return settled(entry, "left off, as the policy says");
    }
    if (!acts.isDefined(entry.uuid())) {
      remarks.add(
          entry.persistent()
              ? "it is no longer defined"
              : "it was transient: nothing is left to start");
      return settled(entry, "not started");
    }
    boolean saved = acts.hasSavedState(entry.uuid());
    if (!saved) {
      afresh(entry).ifPresent(remarks::add);
    }
    start(entry);
    GuestPolicy own = acts.policy(entry.uuid());
    if (own.syncTime().orElse(policy.syncTime()) && saved && !entry.paused()) {
      syncTime(entry, remarks);
    }
    return (saved ? "resumed" : "started") + (entry.paused() ? ", paused" : "");
  }

  /** Why a guest that ran has no memory to come back with, where that is not as planned. */
  private static Optional<String> afresh(SuspendRecord.Entry entry) {
    return switch (entry.stage()) {
      case PLANNED -> Optional.of("the host stopped before it was its turn, it starts afresh");
      case BACK, RESUMING ->
          Optional.of("the host stopped again while it was coming back, it starts afresh");
      case BEGUN, FAILED ->
          entry.act() == Act.SAVE
              ? Optional.of("its memory was not saved to the end, it starts afresh")
              : Optional.empty();
      case DONE ->
          entry.act() == Act.SAVE
              ? Optional.of("its saved memory is no longer there, it starts afresh")
              : Optional.empty();
      case SETTLED -> Optional.empty();
    };
  }

  private void start(SuspendRecord.Entry entry) {
    record.add(entry.at(SuspendRecord.Stage.RESUMING, session));
    try {
      acts.start(entry.uuid(), entry.paused(), progress);
    } catch (EngineException e) {
      if (!acts.isActive(entry.uuid())) {
        throw e;
      }
      // somebody else was faster, or it runs and a detail after its start failed
      progress.told("'" + entry.name() + "': " + e.getMessage() + ", ignoring");
    }
    record.add(entry.at(SuspendRecord.Stage.BACK, session));
  }

  private void syncTime(SuspendRecord.Entry entry, List<String> remarks) {
    try {
      acts.syncTime(entry.uuid());
    } catch (EngineException e) {
      remarks.add("its clock was not set: " + e.getMessage() + ", ignoring");
    }
  }

  private String settled(SuspendRecord.Entry entry, String how) {
    record.add(entry.at(SuspendRecord.Stage.SETTLED, session));
    return how;
  }
}
