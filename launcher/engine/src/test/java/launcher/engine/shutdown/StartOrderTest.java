package launcher.engine.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who starts with the host when. */
final class StartOrderTest {
  private static Candidate guest(String name, int order, int delay, String... needs) {
    GuestPolicy policy =
        new GuestPolicy(
            Optional.empty(),
            order == 0 ? OptionalInt.empty() : OptionalInt.of(order),
            delay < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(delay)),
            Optional.empty(),
            Optional.empty(),
            List.of(needs));
    return new Candidate(name, name, Candidate.Kind.VIRTUAL_MACHINE, false, true, 1024, policy);
  }

  private static String order(int between, Candidate... guests) {
    StringBuilder text = new StringBuilder();
    for (StartOrder.Batch batch : StartOrder.of(List.of(guests), Duration.ofSeconds(between))) {
      text.append(batch.guests().stream().sorted().toList())
          .append(batch.pause().isZero() ? "" : " " + batch.pause().toSeconds() + " s ");
    }
    return text.toString();
  }

  @Test
  void allAtOnceWhereNobodySaysOtherwise() {
    assertEquals("[a, b, c]", order(0, guest("a", 0, -1), guest("b", 0, -1), guest("c", 0, -1)));
    assertEquals("", order(0));
  }

  @Test
  void lowerOrdersFirstAndNeedsBeforeThat() {
    assertEquals(
        "[late-but-needed][early][middle, other]",
        order(
            0,
            guest("other", 5, -1),
            guest("middle", 5, -1),
            guest("early", 1, -1, "late-but-needed", "absent"),
            guest("late-but-needed", 9, -1)));
  }

  @Test
  void theNextOneWaits() {
    assertEquals("[a] 7 s [b, c]", order(0, guest("a", 0, 7), guest("b", 1, 0), guest("c", 1, 0)));
    assertEquals(
        "[c] 3 s [b][a] 3 s ", order(3, guest("a", 3, -1), guest("b", 2, 0), guest("c", 1, -1)));
  }
}
