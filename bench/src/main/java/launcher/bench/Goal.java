package launcher.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import launcher.control.Json;

/**
 * What the project wants to reach, and what this run measured.
 *
 * @param what in words
 * @param most the limit
 * @param measured empty when something it needs was not measured
 */
record Goal(String what, double most, OptionalDouble measured) {

  static List<Goal> of(Report report) {
    String ours = Report.OURS;
    return List.of(
        new Goal(
            "start / bare QEMU",
            1.7,
            ratio(report.wall("start", ours), report.wall("start", Acts.BARE))),
        new Goal(
            "start / virsh",
            0.33,
            ratio(report.wall("start", ours), report.wall("start", Acts.VIRSH))),
        new Goal(
            "destroy / virsh, the first process reaps late (as where the goal was set)",
            0.1,
            ratio(
                report.wall(Acts.DESTROY_LATE, ours), report.wall(Acts.DESTROY_LATE, Acts.VIRSH))),
        new Goal(
            "destroy / virsh, the first process reaps at once",
            0.1,
            ratio(report.wall("destroy", ours), report.wall("destroy", Acts.VIRSH))),
        new Goal(
            "define / bare JVM",
            3,
            ratio(report.wall("define", ours), report.wall(Acts.BARE_JVM, Acts.JAVA))),
        new Goal(
            "list of 1000 / bare JVM",
            2,
            ratio(report.wall(Acts.list(1000), ours), report.wall(Acts.BARE_JVM, Acts.JAVA))),
        new Goal(
            "list of 1000 / virsh",
            1,
            ratio(report.wall(Acts.list(1000), ours), report.wall(Acts.list(1000), Acts.VIRSH))),
        new Goal(
            "cpu of 100 parallel starts, one command each, until all run / bare QEMUs",
            1.3,
            ratio(
                report.figure(Acts.cpuUntilRun(100), ours),
                report.figure(Acts.cpuUntilRun(100), Acts.BARE))),
        new Goal(
            "cpu of 100 parallel starts, one command for all, until all run / bare QEMUs",
            1.3,
            ratio(
                report.figure(Acts.cpuUntilRun(100), Acts.ONE_COMMAND),
                report.figure(Acts.cpuUntilRun(100), Acts.BARE))),
        new Goal(
            "cpu of 100 parallel starts, one command each, until the firmware is through / bare QEMUs",
            1.3,
            ratio(
                report.figure(Acts.cpuUntilQuiet(100), ours),
                report.figure(Acts.cpuUntilQuiet(100), Acts.BARE))),
        new Goal("first command of a plain user, ms", 800, report.wall(Acts.FIRST_COMMAND, ours)),
        new Goal(
            "daemon with 50 guests and 1000 definitions, MiB resident (100 MB)",
            95.4,
            report.figure(Acts.memory(Acts.FULL), ours)),
        new Goal(
            "ids burnt by a start beyond QEMU's and a bare JVM's own",
            0,
            report.figure(Acts.IDS_OF_START, ours)),
        new Goal(
            "ids burnt by list beyond a bare JVM's", 0, report.figure(Acts.IDS_OF_LIST, ours)));
  }

  /** What a command that is a JVM cannot undercut, as ratios that stand beside the goals. */
  static void floors(Report report) {
    OptionalDouble java = report.wall(Acts.BARE_JVM, Acts.JAVA);
    OptionalDouble qemu = report.wall("start", Acts.BARE);
    OptionalDouble virsh = report.wall("destroy", Acts.VIRSH);
    if (java.isPresent() && qemu.isPresent()) {
      double both = java.getAsDouble() + qemu.getAsDouble();
      report.figure(
          "floor: (bare JVM + bare QEMU) / bare QEMU", Report.OURS, both / qemu.getAsDouble());
      ratio(report.wall("start", Report.OURS), OptionalDouble.of(both))
          .ifPresent(value -> report.figure("start / (bare JVM + bare QEMU)", Report.OURS, value));
    }
    ratio(java, virsh)
        .ifPresent(value ->
            report.figure("floor: bare JVM / virsh destroy, reaped at once", Report.OURS, value));
  }

  private static OptionalDouble ratio(OptionalDouble ours, OptionalDouble theirs) {
    return ours.isEmpty() || theirs.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble());
  }

  private String verdict() {
    return measured.isEmpty() ? "not measured" : measured.getAsDouble() <= most ? "yes" : "no";
  }

  String row() {
    String value =
        measured.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", measured.getAsDouble());
    return String.format(
        Locale.ROOT, "| %s | %s | %s | %s |%n", what, trimmed(most), value, verdict());
  }

  private static String trimmed(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  Json json() {
    return Json.object(
        "goal",
        what,
        "most",
        most,
        "measured",
        measured.isEmpty() ? null : measured.getAsDouble(),
        "reached",
        verdict());
  }
}
