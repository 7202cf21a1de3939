package launcher.tests.guests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scenario that ran in a virtual machine has said on its console. */
final class Answers {
  private Answers() {}

  /** The rest of the line {@code NAME=}, which must be there. */
  static String value(String console, String name) {
    Matcher line = Pattern.compile("^" + name + "=(.*)$", Pattern.MULTILINE).matcher(console);
    assertTrue(line.find(), "no " + name + " in " + console);
    return line.group(1).strip();
  }

  /** The rest of each line that starts with a word, in their order. */
  static List<String> lines(String console, String word) {
    return console
        .lines()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()).strip())
        .toList();
  }
}
