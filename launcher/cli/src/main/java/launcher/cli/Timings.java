package launcher.cli;

import launcher.control.Json;
import launcher.control.Json.Members;

/** How long each step of a start took, as the daemon measured it. */
final class Timings {
  private static final double MICROSECONDS_PER_MILLISECOND = 1000;

  private Timings() {}

  static String of(Json reply) {
    Table table = new Table("Step", "Milliseconds");
    for (Json item : Requests.members(reply).items("timings")) {
      Members timing = Requests.members(item);
      long micros = timing.findWhole("micros").orElse(0L);
      table.row(Requests.cell(timing, "step", "?"), "" + micros / MICROSECONDS_PER_MILLISECOND);
    }
    return table.toString();
  }
}
