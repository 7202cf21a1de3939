package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.control.Json;
import org.junit.jupiter.api.Test;

final class StartStepsTest {
  @Test
  void stepsAreShownInMillisecondsWithTheirSum() {
    Json reply =
        Json.object(
            "timings",
            List.of(
                Json.object("step", "make the plan", "micros", 1234),
                Json.object("step", "make folder 'a\nb'", "micros", 100_000)));
    assertEquals(
        """
            1.234 ms  make the plan
          100.000 ms  make folder 'a\\x0ab'
          101.234 ms  in all

        """,
        StartSteps.text(reply));
  }

  @Test
  void nothingIsSaidUnasked() {
    assertEquals("", StartSteps.text(Json.object("name", "g")));
  }
}
