package launcher.cli;

import java.util.Locale;
import launcher.control.Json;
import launcher.control.Json.Members;

/** The steps of a start with their times, as {@code start --timings} shows them. */
final class StartSteps {
  private StartSteps() {}

  /** A line each, in milliseconds; nothing when they were not asked for. */
  static String text(Json reply) {
    StringBuilder text = new StringBuilder();
    long sum = 0;
    for (Json item : Requests.members(reply).items("timings")) {
      Members step = Requests.members(item);
      long micros = step.findWhole("micros").orElse(0L);
      sum += micros;
      text.append(line(micros, step.text("step")));
    }
    return text.isEmpty() ? "" : text.append(line(sum, "in all")).append('\n').toString();
  }

  private static String line(long micros, String step) {
    return String.format(Locale.ROOT, "%9.3f ms  %s%n", micros / 1000.0, Table.printable(step));
  }
}
