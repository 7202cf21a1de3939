package launcher.drivers.qemu.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.schemas.XmlProblem;

/**
 * Shows how the corpus goes, for whoever works on a translator.
 *
 * <pre>
 * CorpusMain [ARCH|all] [--case REGEX] [--show N] [--xml N] [--err N] [--list] [--why] [--speed]
 * </pre>
 */
final class CorpusMain {
  private final List<String> arguments;

  private CorpusMain(String[] arguments) {
    this.arguments = List.of(arguments);
  }

  /** Prints scores and what was asked for. */
  public static void main(String[] arguments) throws IOException {
    new CorpusMain(arguments).run();
  }

  private void run() throws IOException {
    Corpus corpus = Corpus.find().orElseThrow(() -> new IllegalStateException("no corpus found"));
    String arch =
        arguments.isEmpty() || arguments.get(0).startsWith("-") ? "x86_64" : arguments.get(0);
    for (String a : arch.equals("all") ? corpus.architectures() : List.of(arch)) {
      Corpus.Score score = corpus.run(a, text("--case", ".*"));
      details(score);
      System.out.println(score);
      if (arguments.contains("--speed")) {
        speed(corpus, a);
      }
    }
  }

  private void speed(Corpus corpus, String arch) throws IOException {
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      Corpus.Score score = corpus.run(arch, text("--case", ".*"));
      long millis = (System.nanoTime() - start) / 1_000_000;
      int count = score.valid().size() + score.invalid().size();
      System.out.println(count + " domains in " + millis + " ms with probing and comparing");
    }
  }

  private void details(Corpus.Score score) {
    int show = Integer.parseInt(text("--show", "0"));
    int xml = Integer.parseInt(text("--xml", "0"));
    int err = Integer.parseInt(text("--err", "0"));
    Map<String, Integer> why = new TreeMap<>();
    for (Corpus.Outcome o : score.valid()) {
      List<String> refusals = o.result().problems().stream().map(XmlProblem::toString).toList();
      if (!o.argv().isEmpty() && show-- > 0) {
        print(o.name(), o.result().refused() ? refusals : o.argv());
      }
      if (!o.xml().isEmpty() && xml-- > 0) {
        print(o.name() + ".completed.xml", o.result().refused() ? refusals : o.xml());
      }
      if (arguments.contains("--list") && !(o.argv().isEmpty() && o.xml().isEmpty())) {
        System.out.println(
            (o.result().refused() ? "refused " : "differs ")
                + o.name()
                + " argv="
                + o.argv().size()
                + " xml="
                + o.xml().size());
      }
      o.argv().forEach(l -> why.merge(l.split(",")[0], 1, Integer::sum));
    }
    for (Corpus.Outcome o : score.invalid()) {
      boolean shown = o.result().refused() ? arguments.contains("--reasons") : err-- > 0;
      if (shown) {
        List<String> lines = new ArrayList<>(List.of("wanted: " + o.expectedError()));
        o.result().problems().forEach(p -> lines.add("   got: " + p));
        print(o.name(), lines);
      }
    }
    if (arguments.contains("--why")) {
      why.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .limit(60)
          .forEach(e -> System.out.println(e.getValue() + "\t" + e.getKey()));
    }
  }

  private static void print(String name, List<String> lines) {
    System.out.println("== " + name);
    lines.stream().limit(60).forEach(l -> System.out.println("  " + l));
  }

  private String text(String option, String absent) {
    int at = arguments.indexOf(option);
    return at >= 0 && at + 1 < arguments.size() ? arguments.get(at + 1) : absent;
  }
}
