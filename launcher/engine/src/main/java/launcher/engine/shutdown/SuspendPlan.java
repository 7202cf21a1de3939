package launcher.engine.shutdown;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is suspended after whom, with which ladder: computed, nothing is touched.
 *
 * @param guests in the order in which they are begun; those that stand later may wait for earlier
 *     ones
 * @param remarks what was wrong in the dependencies and how it was resolved
 */
public record SuspendPlan(List<Planned> guests, List<String> remarks) {
  /**
   * One guest of the plan.
   *
   * @param guest which
   * @param ladder what is tried on it
   * @param after UUIDs of the guests that must be done first: those that need this one
   */
  public record Planned(Candidate guest, Ladder ladder, Set<String> after) {
    public Planned {
      after = Set.copyOf(after);
    }

    /** What its saved memory may take on the disk at most, in bytes; 0 when it is not saved. */
    public long bytesNeeded() {
      return ladder.rungs().getFirst().act() == Act.SAVE ? guest.memoryKib() * 1024 : 0;
    }
  }

  public SuspendPlan {
    guests = List.copyOf(guests);
    remarks = List.copyOf(remarks);
  }

  /** Plans the suspension of these guests. */
  public static SuspendPlan of(List<Candidate> candidates, HostPolicy policy) {
    List<String> remarks = new ArrayList<>();
    List<Candidate> touched =
        candidates.stream().filter(c -> c.persistent() || policy.transients()).toList();
    Map<String, Candidate> byName = new HashMap<>();
    touched.forEach(c -> byName.put(c.name(), c));
    Map<Candidate, Set<String>> after = new LinkedHashMap<>();
    touched.forEach(c -> after.put(c, new HashSet<>()));
    for (Candidate guest : touched) {
      for (String need : guest.policy().needs()) {
        Candidate needed = byName.get(need);
        if (needed == null) {
          remarks.add("'" + guest.name() + "' needs '" + need + "', which does not run, ignoring");
        } else {
          after.computeIfAbsent(needed, _ -> new HashSet<>()).add(guest.uuid());
        }
      }
    }
    return new SuspendPlan(inOrder(after, policy, remarks), remarks);
  }

  /**
   * Topological order; among the ready ones the last in start order first. A circle is cut at its
   * first guest.
   */
  private static List<Planned> inOrder(
      Map<Candidate, Set<String>> after, HostPolicy policy, List<String> remarks) {
    List<Planned> planned = new ArrayList<>();
    Set<String> done = new HashSet<>();
    List<Candidate> left = new ArrayList<>(after.keySet());
    left.sort(
        Comparator.comparingInt((Candidate c) -> c.policy().order().orElse(0))
            .reversed()
            .thenComparing(Candidate::name));
    while (!left.isEmpty()) {
      Candidate next =
          left.stream()
              .filter(c -> done.containsAll(after.getOrDefault(c, Set.of())))
              .findFirst()
              .orElse(null);
      if (next == null) {
        next = left.getFirst();
        remarks.add("'" + next.name() + "' and others need one another, ignoring what needs it");
        after.computeIfAbsent(next, _ -> new HashSet<>()).retainAll(done);
      }
      left.remove(next);
      done.add(next.uuid());
      planned.add(new Planned(next, policy.ladderOf(next), after.getOrDefault(next, Set.of())));
    }
    return planned;
  }
}
