package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table that a run ends with: one row an act, one column a peer, and the ratio of launcher to
 * each.
 */
final class Report {
  private static final String OURS = "launcher";

  private final Map<String, Map<String, Samples>> times = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> figures = new ArrayList<>();

  /** Where the samples of one act of one peer go. */
  Samples samples(String act, String peer) {
    return times
        .computeIfAbsent(act, _ -> new LinkedHashMap<>())
        .computeIfAbsent(peer, _ -> new Samples());
  }

  /** A sentence below the table, such as which peer is not installed. */
  void note(String sentence) {
    notes.add(sentence);
  }

  /** A figure that is no duration: memory, threads, processor time, process ids. */
  void figure(String what, String peer, String value) {
    figures.add("| " + what + " | " + peer + " | " + value + " |");
  }

  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder("# launcher beside its peers\n\n");
    MachineFacts.lines().forEach(l -> text.append("- ").append(l).append('\n'));
    text.append(
        "\nWall-clock milliseconds of whole commands, interleaved in one run: median (distance of the quartiles), count.\n\n");
    text.append(
        "| act | peer | median | spread | n | launcher / peer |\n|---|---|---|---|---|---|\n");
    times.forEach((act, peers) ->
        peers.forEach((peer, samples) -> text.append(row(act, peer, samples, peers))));
    text.append("\n| figure | of | value |\n|---|---|---|\n");
    figures.forEach(f -> text.append(f).append('\n'));
    text.append('\n');
    notes.forEach(n -> text.append("- ").append(n).append('\n'));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
    System.out.print(text);
    System.out.println("written to " + file);
  }

  private static String row(String act, String peer, Samples samples, Map<String, Samples> peers) {
    if (samples.isEmpty()) {
      return "";
    }
    Samples ours = peers.get(OURS);
    String ratio =
        ours == null || ours.isEmpty() || peer.equals(OURS)
            ? ""
            : String.format(Locale.ROOT, "%.2f", ours.medianMillis() / samples.medianMillis());
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.1f | %d | %s |%n",
        act,
        peer,
        samples.medianMillis(),
        samples.spreadMillis(),
        samples.count(),
        ratio);
  }
}
