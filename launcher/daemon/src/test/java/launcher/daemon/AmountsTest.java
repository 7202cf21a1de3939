package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import org.junit.jupiter.api.Test;

class AmountsTest {
  @Test
  void whatIsNotSaidIsEmpty() {
    assertEquals(Optional.empty(), Amounts.seconds(Json.object(), "timeout"));
  }

  @Test
  void takesWhatCanBeWaitedFor() {
    assertEquals(Optional.of(Duration.ZERO), Amounts.seconds(Json.object("timeout", 0), "timeout"));
    assertEquals(
        Optional.of(Amounts.FOR_EVER),
        Amounts.seconds(Json.object("timeout", 1_000_000_000), "timeout"));
  }

  @Test
  void refusesWhatHasNoMeaningOrOverflows() {
    for (long seconds : new long[] {-1, Long.MIN_VALUE, 1_000_000_001, Long.MAX_VALUE}) {
      ControlException e =
          assertThrows(
              ControlException.class,
              () -> Amounts.seconds(Json.object("timeout", seconds), "timeout"));
      assertEquals(Outcome.USAGE, e.outcome());
      assertEquals("'timeout' is a number from 0 to 1000000000, not " + seconds, e.getMessage());
    }
  }
}
