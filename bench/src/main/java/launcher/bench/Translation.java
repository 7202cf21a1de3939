package launcher.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.json.JsonText;
import launcher.drivers.qemu.tool.DomxmlToNative;

/**
 * What the translation of domain XML to QEMU's command costs: the acceptance corpus, where it is
 * there, in one warm process. Time of the processor, so that a loaded machine says the same.
 */
public final class Translation {
  private static final int WARM_UP = 5;
  private static final int PASSES = 15;
  private static final int SLOWEST = 5;
  private static final double NANOS_OF_MILLI = 1e6;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final StringBuilder report = new StringBuilder();

  private Translation() {}

  /**
   * @param words the corpus' folder, the file for the report, and how many passes are measured
   */
  public static void main(String[] words) throws IOException {
    int passes = words.length > 2 ? Integer.parseInt(words[2]) : PASSES;
    Translation translation = new Translation();
    translation.run(Path.of(words[0]), passes);
    Path file = Path.of(words[1]).toAbsolutePath();
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, translation.report);
    System.out.println("written to " + file);
  }

  private void run(Path corpus, int passes) throws IOException {
    DomxmlToNative tool = new DomxmlToNative(host(corpus), true);
    List<Path> files = files(corpus.resolve("qemu-x86_64"));
    Map<Path, List<Long>> samples = new TreeMap<>();
    List<Long> whole = new ArrayList<>();
    for (int pass = -WARM_UP; pass < passes; pass++) {
      long sum = 0;
      for (Path file : files) {
        long nanos = translate(tool, file);
        sum += nanos;
        if (pass >= 0) {
          samples.computeIfAbsent(file, _ -> new ArrayList<>()).add(nanos);
        }
      }
      if (pass >= 0) {
        whole.add(sum);
      }
    }
    print(samples, files.size() / (median(whole) / 1e9), passes);
  }

  private static QemuHost host(Path corpus) throws IOException {
    Path replies = corpus.resolve("qemu-qmp-replies");
    String latest =
        JsonText.object(Files.readString(replies.resolve("latest.json"))).string("x86_64", "");
    return HostProfile.host(
        corpus.resolve("host"),
        HostProfile.capabilities(Files.readString(replies.resolve(latest))));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().endsWith(".xml"))
          .filter(f -> !f.toString().endsWith(".completed.xml"))
          .sorted()
          .toList();
    }
  }

  /** From the file to the command. */
  private static long translate(DomxmlToNative tool, Path file) {
    long start = CLOCK.getCurrentThreadCpuTime();
    tool.translate(file);
    return CLOCK.getCurrentThreadCpuTime() - start;
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private void print(Map<Path, List<Long>> samples, double rate, int passes) {
    List<Map.Entry<Path, List<Long>>> slowest =
        samples.entrySet().stream()
            .sorted(
                Comparator.comparingDouble((Map.Entry<Path, List<Long>> e) -> median(e.getValue()))
                    .reversed())
            .limit(SLOWEST)
            .toList();
    say("# Translation of domain XML to QEMU's command");
    say("");
    say(
        String.format(
            Locale.ROOT,
            "%d domains, medians of %d passes in one warm process, processor time",
            samples.size(),
            passes));
    say("");
    say("| goal | wanted | measured | reached |");
    say("|---|---|---|---|");
    double longest = median(slowest.getFirst().getValue()) / NANOS_OF_MILLI;
    say(row("domains a second on one processor", "at least 500", rate, rate >= 500));
    say(row("the slowest domain, ms", "at most 5", longest, longest <= 5));
    say("");
    say("| slowest | median ms |");
    say("|---|---|");
    for (Map.Entry<Path, List<Long>> one : slowest) {
      say(
          String.format(
              Locale.ROOT,
              "| %s | %.2f |",
              one.getKey().getFileName(),
              median(one.getValue()) / NANOS_OF_MILLI));
    }
  }

  private static String row(String what, String wanted, double measured, boolean reached) {
    return String.format(
        Locale.ROOT, "| %s | %s | %.2f | %s |", what, wanted, measured, reached ? "yes" : "no");
  }

  private void say(String line) {
    report.append(line).append('\n');
    System.out.println(line);
  }
}
