package launcher.engine.shutdown;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import launcher.engine.EngineException;

/**
 * Carries a {@link SuspendPlan} out: each guest on a thread of its own, at most so many at once,
 * all inside one budget. One guest's failure stops no other.
 */
public final class HostSuspend {
  /** Kept back at the end of the budget for ending processes, which takes no longer. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** What the service manager is told a rung may take beyond its deadline. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final GuestActs acts;
  private final SuspendRecord record;
  private final HostPolicy policy;
  private final Progress progress;
  private final Instant end;
  private final Semaphore permits;
  private Instant promised = Instant.MIN;

  /**
   * @param acts does things to guests
   * @param record where each act is written down
   * @param policy budget and how many at once
   * @param progress who is told
   */
  public HostSuspend(GuestActs acts, SuspendRecord record, HostPolicy policy, Progress progress) {
    this.acts = acts;
    this.record = record;
    this.policy = policy;
    this.progress = progress;
    this.end = Instant.now().plus(policy.budget());
    this.permits = new Semaphore(policy.parallel());
  }

  /** Suspends the guests of the plan and says what became of each, in the plan's order. */
  public List<Outcome> run(SuspendPlan plan) throws InterruptedException {
    plan.remarks().forEach(progress::told);
    Map<String, CountDownLatch> off = new HashMap<>();
    plan.guests().forEach(p -> off.put(p.guest().uuid(), new CountDownLatch(1)));
    Map<String, Outcome> outcomes = new java.util.concurrent.ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (SuspendPlan.Planned planned : plan.guests()) {
      threads.add(
          Thread.ofVirtual()
              .name("suspend " + planned.guest().name())
              .start(() -> outcomes.put(planned.guest().uuid(), inTurn(planned, off))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return plan.guests().stream().map(p -> outcomes.get(p.guest().uuid())).toList();
  }

  private Outcome inTurn(SuspendPlan.Planned planned, Map<String, CountDownLatch> off) {
    Instant begun = Instant.now();
    Outcome outcome;
    try {
      for (String earlier : planned.after()) {
        latch(off, earlier).await();
      }
      permits.acquire();
      try {
        begun = Instant.now();
        outcome = climbDown(planned, begun);
      } finally {
        permits.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      outcome =
          new Outcome(
              planned.guest().name(),
              Optional.empty(),
              "interrupted",
              Duration.between(begun, Instant.now()));
    } catch (RuntimeException e) {
      outcome =
          new Outcome(
              planned.guest().name(),
              Optional.empty(),
              String.valueOf(e.getMessage()),
              Duration.between(begun, Instant.now()));
    } finally {
      latch(off, planned.guest().uuid()).countDown();
    }
    progress.told(outcome.toString());
    return outcome;
  }

  private static CountDownLatch latch(Map<String, CountDownLatch> off, String uuid) {
    return Objects.requireNonNull(off.get(uuid), uuid);
  }

  /** Tries rung after rung until the guest is off. */
  private Outcome climbDown(SuspendPlan.Planned planned, Instant begun) {
    Candidate guest = planned.guest();
    List<String> failures = new ArrayList<>();
    List<Rung> rungs = planned.ladder().rungs();
    for (int i = 0; i < rungs.size(); i++) {
      Rung rung = rungs.get(i);
      if (rung.act() == Act.LEAVE) {
        record.add(SuspendRecord.Entry.of(guest, Act.LEAVE, SuspendRecord.Stage.DONE));
        return outcome(guest, Optional.of("left running"), failures, begun);
      }
      Duration within = within(rung, i < rungs.size() - 1);
      if (!within.isPositive() && rung.act() != Act.POWER_OFF) {
        failures.add(
            rung.act().word() + ": the budget of " + policy.budget().toSeconds() + " s is used up");
        continue;
      }
      promise(within.plus(GRACE));
      record.add(SuspendRecord.Entry.of(guest, rung.act(), SuspendRecord.Stage.BEGUN));
      try {
        take(rung.act(), guest, within);
        record.add(SuspendRecord.Entry.of(guest, rung.act(), SuspendRecord.Stage.DONE));
        return outcome(guest, Optional.of(past(rung.act())), failures, begun);
      } catch (EngineException e) {
        failures.add(rung.act().word() + ": " + e.getMessage());
        record.add(SuspendRecord.Entry.of(guest, rung.act(), SuspendRecord.Stage.FAILED));
      }
    }
    return outcome(guest, Optional.empty(), failures, begun);
  }

  private void take(Act act, Candidate guest, Duration within) {
    switch (act) {
      case SAVE ->
          acts.save(guest, guest.policy().bypassCache().orElse(policy.bypassCache()), within);
      case AGENT, ACPI -> acts.shutDown(guest, act, within);
      case POWER_OFF -> acts.powerOff(guest);
      case LEAVE -> throw new IllegalStateException("nothing is done to a guest that is left");
    }
  }

  /** A rung has its own deadline, and never more than is left of the budget. */
  private Duration within(Rung rung, boolean othersFollow) {
    Duration left = Duration.between(Instant.now(), end);
    Duration usable = othersFollow ? left.minus(RESERVE) : left;
    return rung.deadline().compareTo(usable) < 0 ? rung.deadline() : usable;
  }

  private synchronized void promise(Duration more) {
    Instant until = Instant.now().plus(more);
    if (until.isAfter(promised)) {
      promised = until;
      progress.needs(more);
    }
  }

  private static Outcome outcome(
      Candidate guest, Optional<String> did, List<String> failures, Instant begun) {
    return new Outcome(
        guest.name(), did, String.join("; ", failures), Duration.between(begun, Instant.now()));
  }

  private static String past(Act act) {
    return switch (act) {
      case SAVE -> "saved";
      case AGENT, ACPI -> "shut down";
      case POWER_OFF -> "powered off";
      case LEAVE -> "left running";
    };
  }
}
