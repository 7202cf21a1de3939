package launcher.engine.shutdown;

import java.time.Duration;
import java.util.Optional;

/**
 * What the host's administrator wants for every guest that does not say otherwise.
 *
 * @param ladder for virtual machines that are defined; transient ones and containers leave out what
 *     they cannot have
 * @param budget all guests together have this long
 * @param parallel how many are worked on at once, at least 1
 * @param resume whether guests come back at the host's next start
 * @param transients whether transient guests are touched at all
 * @param startDelay between two starts
 * @param bypassCache saved memory goes past the page cache
 * @param syncTime the clock of a resumed guest is set
 */
public record HostPolicy(
    Ladder ladder,
    Duration budget,
    int parallel,
    boolean resume,
    boolean transients,
    Duration startDelay,
    boolean bypassCache,
    boolean syncTime) {
  /** What holds where no file says otherwise. */
  public static final HostPolicy USUAL =
      new HostPolicy(
          Ladder.SAVED, Duration.ofMinutes(10), 4, true, true, Duration.ZERO, false, false);

  /** More at once would only make each slower: they share one disk. */
  static final int MOST_PARALLEL = 64;

  public HostPolicy {
    if (parallel < 1 || parallel > MOST_PARALLEL) {
      throw new IllegalArgumentException(
          "'parallel' is a number from 1 to " + MOST_PARALLEL + ", not '" + parallel + "'");
    }
    if (!budget.isPositive()) {
      throw new IllegalArgumentException("'budget' is more than zero");
    }
  }

  /** The same with a budget of at most so long. */
  HostPolicy within(Duration limit) {
    return limit.compareTo(budget) >= 0
        ? this
        : new HostPolicy(
            ladder, limit, parallel, resume, transients, startDelay, bypassCache, syncTime);
  }

  /** The guest's own ladder, or the host's, less what this guest cannot have. */
  Ladder ladderOf(Candidate guest) {
    Optional<Ladder> own = guest.policy().ladder();
    Ladder ladder =
        own.orElse(
            guest.canBeSaved() || !ladder().equals(Ladder.SAVED) ? ladder() : Ladder.SHUT_DOWN);
    if (!guest.canBeSaved()) {
      ladder = ladder.without(Act.SAVE);
    }
    if (guest.kind() == Candidate.Kind.CONTAINER) {
      ladder = ladder.without(Act.AGENT);
    }
    // a machine whose processors stand still answers neither its agent nor its power button; a
    // frozen container is thawed for its signal, which loses nothing
    boolean deaf = guest.paused() && guest.kind() == Candidate.Kind.VIRTUAL_MACHINE;
    return deaf ? ladder.without(Act.AGENT, Act.ACPI) : ladder;
  }
}
