package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.engine.EngineException;

/**
 * Carries a {@link SuspendPlan} out: each guest on a thread of its own, at most so many at once,
 * all inside one budget. One guest's failure stops no other.
 */
public final class HostSuspend {
  /** Kept back at the end of the budget for ending processes, which takes no longer. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** Of a short budget only this part is kept back. */
  private static final int RESERVE_PART = 5;

  /** What the service manager is told a rung may take beyond its deadline. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The same for the end of a process: QEMU closes its disks, the kernel its files. */
  private static final Duration END_GRACE = Duration.ofSeconds(90);

  private final GuestActs acts;
  private final SuspendRecord record;
  private final HostPolicy policy;
  private final String session;
  private final Progress progress;
  private final Deadline end;
  private final Duration reserve;

  /** Outcomes by UUID, guarded by this map's own lock; whoever waits for one waits here. */
  private final Map<String, Outcome> outcomes = new HashMap<>();

  private Deadline promised = Deadline.in(Duration.ZERO);

  /**
   * @param acts does things to guests
   * @param record where each act is written down
   * @param policy budget and how many at once
   * @param session the present boot of the host
   * @param progress who is told
   */
  public HostSuspend(
      GuestActs acts, SuspendRecord record, HostPolicy policy, String session, Progress progress) {
    this.acts = acts;
    this.record = record;
    this.policy = policy;
    this.session = session;
    this.progress = progress;
    this.end = Deadline.in(policy.budget());
    Duration part = policy.budget().dividedBy(RESERVE_PART);
    this.reserve = part.compareTo(RESERVE) < 0 ? part : RESERVE;
  }

  /** Suspends the guests of the plan and says what became of each, in the plan's order. */
  public List<Outcome> run(SuspendPlan plan) throws InterruptedException {
    plan.remarks().forEach(progress::told);
    planned(plan);
    List<SuspendPlan.Planned> left = new ArrayList<>(plan.guests());
    int working = 0;
    Set<String> seen = new HashSet<>();
    synchronized (outcomes) {
      while (seen.size() < plan.guests().size()) {
        Optional<SuspendPlan.Planned> next =
            left.stream().filter(p -> seen.containsAll(p.after())).findFirst();
        if (next.isPresent() && working < policy.parallel()) {
          left.remove(next.get());
          working++;
          begin(next.get());
        } else {
          outcomes.wait();
          working -= outcomes.size() - seen.size();
          seen.addAll(outcomes.keySet());
        }
      }
      return plan.guests().stream().map(p -> outcomes.get(p.guest().uuid())).toList();
    }
  }

  /** Who runs is written down first: a power cut after this loses sight of nobody. */
  private void planned(SuspendPlan plan) {
    if (plan.guests().isEmpty()) {
      return;
    }
    write(
            plan.guests().stream()
                .map(p -> entry(p.guest(), first(p.ladder()), SuspendRecord.Stage.PLANNED))
                .toList())
        .ifPresent(progress::told);
  }

  private static Act first(Ladder ladder) {
    return ladder.rungs().getFirst().act();
  }

  private SuspendRecord.Entry entry(Candidate guest, Act act, SuspendRecord.Stage stage) {
    return SuspendRecord.Entry.of(guest, act, stage, session);
  }

  /** A guest is saved whether or not it can be written down. */
  private Optional<String> write(List<SuspendRecord.Entry> entries) {
    try {
      record.add(entries);
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(
          e.getMessage() + ": it is saved all the same, start it by hand if it does not come back");
    }
  }

  private void begin(SuspendPlan.Planned planned) {
    Thread.ofVirtual()
        .name("suspend " + planned.guest().name())
        .start(() -> {
          Outcome outcome = outcome(planned);
          progress.told(outcome.toString());
          synchronized (outcomes) {
            outcomes.put(planned.guest().uuid(), outcome);
            outcomes.notifyAll();
          }
        });
  }

  private Outcome outcome(SuspendPlan.Planned planned) {
    long begun = System.nanoTime();
    try {
      return climbDown(planned, begun);
    } catch (RuntimeException e) {
      return outcome(
          planned.guest(), Optional.empty(), List.of(String.valueOf(e.getMessage())), begun);
    }
  }

  /** Tries rung after rung until the guest is off. */
  private Outcome climbDown(SuspendPlan.Planned planned, long begun) {
    Candidate guest = planned.guest();
    List<String> failures = new ArrayList<>();
    List<Rung> rungs = planned.ladder().rungs();
    for (int i = 0; i < rungs.size(); i++) {
      Rung rung = rungs.get(i);
      if (rung.act() == Act.LEAVE) {
        write(guest, Act.LEAVE, SuspendRecord.Stage.DONE, failures);
        return outcome(guest, Optional.of("left running"), failures, begun);
      }
      Duration within = within(rung, i < rungs.size() - 1);
      if (!within.isPositive() && rung.act() != Act.POWER_OFF) {
        failures.add(
            rung.act().word() + ": the budget of " + policy.budget().toSeconds() + " s is used up");
        continue;
      }
      promise(within.plus(rung.act() == Act.POWER_OFF ? END_GRACE : GRACE));
      write(guest, rung.act(), SuspendRecord.Stage.BEGUN, failures);
      try {
        take(rung.act(), guest, within);
        write(guest, rung.act(), SuspendRecord.Stage.DONE, failures);
        return outcome(guest, Optional.of(past(rung.act())), failures, begun);
      } catch (EngineException e) {
        failures.add(rung.act().word() + ": " + e.getMessage());
        if (!acts.isActive(guest.uuid())) {
          // it ended by itself while something was tried on it
          write(guest, rung.act(), SuspendRecord.Stage.DONE, failures);
          return outcome(guest, Optional.of("ended by itself"), failures, begun);
        }
        write(guest, rung.act(), SuspendRecord.Stage.FAILED, failures);
      }
    }
    return outcome(guest, Optional.empty(), failures, begun);
  }

  private void write(Candidate guest, Act act, SuspendRecord.Stage stage, List<String> failures) {
    write(List.of(entry(guest, act, stage)))
        .filter(why -> !failures.contains(why))
        .ifPresent(failures::add);
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
    Duration left = end.left();
    Duration usable = othersFollow ? left.minus(reserve) : left;
    return rung.deadline().compareTo(usable) < 0 ? rung.deadline() : usable;
  }

  private synchronized void promise(Duration more) {
    Deadline until = Deadline.in(more);
    if (until.isAfter(promised)) {
      promised = until;
      progress.needs(more);
    }
  }

  private static Outcome outcome(
      Candidate guest, Optional<String> did, List<String> failures, long begun) {
    return new Outcome(
        guest.name(),
        did,
        String.join("; ", failures),
        Duration.ofNanos(System.nanoTime() - begun));
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
