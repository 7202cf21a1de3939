package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import launcher.control.Json;
import launcher.control.JsonWriter;

/** What a run ends with: one table of times, one of figures, one of the goals; and all as JSON. */
final class Report {
  static final String OURS = "launcher";

  private final Map<String, Map<String, Samples>> times = new LinkedHashMap<>();
  private final Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** Where the samples of one act of one peer go. */
  Samples samples(String act, String peer) {
    return times
        .computeIfAbsent(act, _ -> new LinkedHashMap<>())
        .computeIfAbsent(peer, _ -> new Samples());
  }

  /** A figure that is no duration, its unit in the name: memory, threads, process ids. */
  void figure(String what, String peer, double value) {
    figures.computeIfAbsent(what, _ -> new LinkedHashMap<>()).put(peer, value);
  }

  /** A sentence below the tables, such as which peer is not installed. */
  void note(String sentence) {
    notes.add(sentence);
    System.out.println(sentence);
  }

  /** The median wall-clock time in milliseconds; empty when it was not measured. */
  OptionalDouble wall(String act, String peer) {
    Samples samples = times.getOrDefault(act, Map.of()).get(peer);
    return samples == null || samples.count() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(samples.wallMillis());
  }

  OptionalDouble figure(String what, String peer) {
    Double value = figures.getOrDefault(what, Map.of()).get(peer);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  void write(Path folder, String name, List<Goal> goals) throws IOException {
    Files.createDirectories(folder);
    List<String> facts = MachineFacts.lines();
    String text = text(facts, goals);
    Files.writeString(folder.resolve(name + ".md"), text);
    Files.writeString(
        folder.resolve(name + ".json"), JsonWriter.indented(json(facts, goals)) + "\n");
    System.out.print(text);
    System.out.println("written to " + folder.resolve(name + ".md") + " and .json");
  }

  private String text(List<String> facts, List<Goal> goals) {
    StringBuilder text = new StringBuilder("# launcher beside its peers\n\n");
    facts.forEach(l -> text.append("- ").append(l).append('\n'));
    text.append(
        """

        Milliseconds of whole commands, interleaved in one run: median, and the distance of the quartiles. The processor
        time is that of the command and the peer's daemon together, for bare QEMU that of QEMU, without the guest's elsewhere.

        | act | peer | wall | ± | cpu | ± | n | launcher / peer, wall |
        |---|---|---|---|---|---|---|---|
        """);
    times.forEach(
        (act, peers) -> peers.forEach((peer, s) -> text.append(row(act, peer, s, peers))));
    text.append("\n| figure | of | value |\n|---|---|---|\n");
    figures.forEach((what, peers) ->
        peers.forEach((peer, value) ->
            text.append("| " + what + " | " + peer + " | " + number(value) + " |\n")));
    text.append("\n| goal | at most | measured | reached |\n|---|---|---|---|\n");
    goals.forEach(goal -> text.append(goal.row()));
    text.append('\n');
    notes.forEach(n -> text.append("- ").append(n).append('\n'));
    return text.toString();
  }

  private static String row(String act, String peer, Samples samples, Map<String, Samples> peers) {
    if (samples.count() == 0) {
      return "";
    }
    Samples ours = peers.get(OURS);
    String ratio =
        ours == null || ours.count() == 0 || peer.equals(OURS)
            ? ""
            : String.format(Locale.ROOT, "%.2f", ours.wallMillis() / samples.wallMillis());
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.1f | %.1f | %.1f | %d | %s |%n",
        act,
        peer,
        samples.wallMillis(),
        samples.wallSpreadMillis(),
        samples.cpuMillis(),
        samples.cpuSpreadMillis(),
        samples.count(),
        ratio);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private Json json(List<String> facts, List<Goal> goals) {
    List<Json> rows = new ArrayList<>();
    times.forEach((act, peers) ->
        peers.forEach((peer, s) ->
            rows.add(
                Json.object(
                    "act",
                    act,
                    "peer",
                    peer,
                    "wallNanos",
                    s.wallNanos(),
                    "cpuNanos",
                    s.cpuNanos()))));
    return Json.object(
        "machine", facts,
        "times", rows,
        "figures", figures,
        "goals", goals.stream().map(Goal::json).toList(),
        "notes", notes);
  }
}
