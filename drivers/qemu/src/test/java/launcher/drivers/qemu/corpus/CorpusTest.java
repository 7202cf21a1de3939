package launcher.drivers.qemu.corpus;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The score on the acceptance corpus never falls. The corpus is no part of the project: {@code
 * -Dlauncher.corpus=DIR} says where it is, beside the checkout otherwise.
 */
class CorpusTest {
  private static final String FLOOR = "score.properties";

  @Test
  void scoreDoesNotFall() throws IOException {
    Optional<Corpus> corpus = Corpus.find();
    assumeTrue(corpus.isPresent(), "the acceptance corpus is not here: -Dlauncher.corpus=DIR");
    Properties floor = floor();
    List<String> fallen = new ArrayList<>();
    for (String arch : corpus.get().architectures()) {
      Corpus.Score score = corpus.get().run(arch, ".*");
      System.out.println(score);
      numbers(score)
          .forEach((name, now) -> {
            long before = Long.parseLong(floor.getProperty(arch + "." + name, "0"));
            if (now < before) {
              fallen.add(arch + "." + name + " was " + before + ", is " + now);
            }
          });
    }
    assertTrue(fallen.isEmpty(), "the score fell: " + fallen);
  }

  private static Map<String, Long> numbers(Corpus.Score score) {
    Map<String, Long> numbers = new TreeMap<>();
    numbers.put("argv", score.argvEqual());
    numbers.put("completed", score.xmlEqual());
    numbers.put("refused", score.invalidRefused());
    numbers.put("accepted", score.valid().size() - score.validRefused());
    return numbers;
  }

  private static Properties floor() throws IOException {
    Properties floor = new Properties();
    try (InputStream in = CorpusTest.class.getResourceAsStream(FLOOR)) {
      assertTrue(in != null, "no " + FLOOR + " beside the test");
      floor.load(in);
    }
    return floor;
  }
}
