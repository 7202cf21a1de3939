package launcher.spawn;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel shares its processors and its patience with a program; null leaves a thing as it
 * is.
 *
 * @param nice -20 to 19 (setpriority(2))
 * @param policy scheduling policy
 * @param priority of the policies FIFO and RR, 1 to 99; 0 for the others
 * @param processors numbers of the processors it may run on, 0 to 1023; empty leaves them
 * @param outOfMemoryScore -1000 (never killed) to 1000 (first), proc(5) oom_score_adj
 */
public record Scheduling(
    @Nullable Integer nice,
    @Nullable Policy policy,
    int priority,
    Set<Integer> processors,
    @Nullable Integer outOfMemoryScore) {
  /** Everything as it is. */
  public static final Scheduling UNCHANGED = new Scheduling(null, null, 0, Set.of(), null);

  /** sched(7), in the order of Linux's numbers. */
  public enum Policy {
    OTHER(0),
    FIFO(1),
    RR(2),
    BATCH(3),
    IDLE(5);

    private final int number;

    Policy(int number) {
      this.number = number;
    }

    /** The kernel's number. */
    public int number() {
      return number;
    }
  }

  public Scheduling {
    processors = Set.copyOf(processors);
    check("nice", nice, -20, 19);
    check("out-of-memory score", outOfMemoryScore, -1000, 1000);
    boolean realTime = policy == Policy.FIFO || policy == Policy.RR;
    check("priority of policy " + policy, priority, realTime ? 1 : 0, realTime ? 99 : 0);
    for (int processor : new TreeSet<>(processors)) {
      check("processor", processor, 0, 1023);
    }
  }

  private static void check(String what, @Nullable Integer value, int low, int high) {
    if (value != null && (value < low || value > high)) {
      throw new IllegalArgumentException(
          "A " + what + " is " + low + " to " + high + ", not " + value);
    }
  }

  /** The same with this niceness. */
  public Scheduling withNice(int value) {
    return new Scheduling(value, policy, priority, processors, outOfMemoryScore);
  }

  /** The same under this policy. */
  public Scheduling withPolicy(Policy value, int itsPriority) {
    return new Scheduling(nice, value, itsPriority, processors, outOfMemoryScore);
  }

  /** The same on these processors. */
  public Scheduling withProcessors(Set<Integer> value) {
    return new Scheduling(nice, policy, priority, value, outOfMemoryScore);
  }

  /** The same with this out-of-memory score. */
  public Scheduling withOutOfMemoryScore(int value) {
    return new Scheduling(nice, policy, priority, processors, value);
  }
}
