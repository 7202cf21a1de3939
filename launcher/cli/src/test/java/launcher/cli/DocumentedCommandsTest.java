package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import launcher.control.ControlException;
import org.junit.jupiter.api.Test;

/** What the documents tell people to type is understood by the command. */
class DocumentedCommandsTest {
  private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();

  /** A line of an indented block, or the whole of an inline piece of code. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^    launcher (.+)$|`launcher ([^`]+)`");

  /** What explains a line, two blanks or more after it; and a placeholder for anything. */
  private static final Pattern BEHIND = Pattern.compile("\\s{2,}.*$|\\s#.*$");

  @Test
  void everyCommandInTheDocumentsIsUnderstood() throws IOException {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path document : documents()) {
      for (MatchResult found : COMMAND.matcher(Files.readString(document)).results().toList()) {
        String command = found.group(1) != null ? found.group(1) : found.group(2);
        seen++;
        refusal(command).ifPresent(why -> wrong.add(document.getFileName() + ": " + why));
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(seen > 20, "only " + seen + " commands were found");
  }

  private static Optional<String> refusal(String command) {
    String bare = BEHIND.matcher(command).replaceFirst("");
    if (bare.startsWith("[OPTION]") || bare.contains("help VERB")) {
      return Optional.empty();
    }
    // Square brackets and dots say what may be repeated or left out: here it is there once.
    List<String> words =
        List.of(bare.replaceAll("[\\[\\]]", "").replaceAll("\\.\\.\\.|…", "x").split("\\s+"));
    try {
      CommandLine line = CommandLine.read(words, Map.of());
      if (words.size() == 1) {
        return Optional.empty(); // the verb's name only
      }
      line.invocation(
          line.verb().orElseThrow(),
          new Output(System.out, System.err),
          new Session(line.options()));
      return Optional.empty();
    } catch (ControlException e) {
      return Optional.of("'" + command + "': " + e.getMessage());
    }
  }

  /** The tables of docs/cli.md name verbs, and no others than there are. */
  @Test
  void theListOfVerbsNamesOnlyVerbs() throws IOException {
    String text = Files.readString(CHECKOUT.resolve("docs/cli.md"));
    String tables = text.substring(text.indexOf("## The verbs"), text.indexOf("What a change"));
    List<String> named =
        Pattern.compile("`([a-z][a-z-]+)`")
            .matcher(tables.substring(tables.indexOf("| about |")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertTrue(named.size() > 50, "only " + named + " were found");
    assertEquals(List.of(), named.stream().filter(name -> Families.find(name).isEmpty()).toList());
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("docs"))) {
      return Stream.concat(
              files.filter(file -> file.toString().endsWith(".md")).sorted(),
              Stream.of(
                  CHECKOUT.resolve("README.md"), CHECKOUT.resolve("launcher/spawn/README.md")))
          .toList();
    }
  }
}
