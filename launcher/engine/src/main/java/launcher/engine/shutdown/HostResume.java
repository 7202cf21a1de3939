package launcher.engine.shutdown;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private final GuestActs acts;
  private final SuspendRecord record;
  private final HostPolicy policy;
  private final Progress progress;
  private final Delay delay;

  /**
   * @param acts starts guests
   * @param record what was done to them
   * @param policy whether they come back at all, and how far apart
   * @param progress who is told
   * @param delay waits between two starts
   */
  public HostResume(
      GuestActs acts, SuspendRecord record, HostPolicy policy, Progress progress, Delay delay) {
    this.acts = acts;
    this.record = record;
    this.policy = policy;
    this.progress = progress;
    this.delay = delay;
  }

  /**
   * Brings back whatever is pending, the guest that was stopped last first.
   *
   * @return what became of each guest
   */
  public List<Outcome> run() throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    boolean started = false;
    for (SuspendRecord.Entry entry : record.pending().reversed()) {
      if (started && policy.startDelay().isPositive()) {
        progress.needs(policy.startDelay().plusSeconds(10));
        delay.await(policy.startDelay());
      }
      Instant begun = Instant.now();
      List<String> remarks = new ArrayList<>();
      @Nullable String did = null;
      try {
        did = bringBack(entry, remarks);
        started |= did.startsWith("resumed") || did.startsWith("started");
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
              Duration.between(begun, Instant.now()));
      progress.told(outcome.toString());
      outcomes.add(outcome);
    }
    record.forgetIfSettled();
    return outcomes;
  }

  private String bringBack(SuspendRecord.Entry entry, List<String> remarks) {
    if (acts.isActive(entry.uuid())) {
      return settled(entry, "runs already");
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
    if (!saved && entry.act() == Act.SAVE) {
      remarks.add("its memory was not saved to the end, it starts afresh");
    }
    record.add(entry.at(SuspendRecord.Stage.RESUMING));
    acts.start(entry.uuid(), entry.paused(), policy.bypassCache());
    record.add(entry.at(SuspendRecord.Stage.SETTLED));
    if (policy.syncTime() && saved && !entry.paused()) {
      syncTime(entry, remarks);
    }
    return (saved ? "resumed" : "started") + (entry.paused() ? ", paused" : "");
  }

  private void syncTime(SuspendRecord.Entry entry, List<String> remarks) {
    try {
      acts.syncTime(entry.uuid());
    } catch (EngineException e) {
      remarks.add("its clock was not set: " + e.getMessage() + ", ignoring");
    }
  }

  private String settled(SuspendRecord.Entry entry, String how) {
    record.add(entry.at(SuspendRecord.Stage.SETTLED));
    return how;
  }
}
