package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private final RealSpawner spawner = new RealSpawner();

  private List<String> echoed(List<String> words) {
    CommandSpec command =
        CommandSpec.of("/usr/bin/printf").add("%s\\0").addAll(words).capture().build();
    String text = spawner.run(command).orThrow().text();
    return List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  @Test
  void argumentsArriveUnchanged() {
    List<String> words =
        List.of(
            "plain",
            "",
            "two words",
            "$HOME `id` $(id)",
            "a\nb",
            "\"'\\",
            "() { :;}; echo vulnerable",
            "*?[a]",
            "-n",
            "ü€𐍈",
            "x".repeat(100 * 1024),
            ";|&<>");
    assertEquals(words, echoed(words));
  }

  @Test
  void fiveThousandArgumentsArrive() {
    List<String> words = IntStream.range(0, 5000).mapToObj(n -> "word" + n).toList();
    assertEquals(words, echoed(words));
  }

  @Test
  void refusesAnArgumentWithNul() {
    assertEquals(
        "A NUL at character 2 of an argument: no program can receive it",
        assertThrows(IllegalArgumentException.class, () -> Argument.of("a\0b")).getMessage());
  }

  @Test
  void refusesHalfACharacter() {
    CommandSpec command = CommandSpec.of("/bin/true").add("a\ud800").build();
    assertThrows(IllegalArgumentException.class, () -> spawner.run(command));
  }

  private Map<String, String> environment(Environment environment) throws Exception {
    try (Child child =
        spawner.start(CommandSpec.of("/bin/sleep").add("60").environment(environment).build())) {
      Map<String, String> found = new ProcFacts(child.pid()).environment();
      child.signal(Signal.KILL);
      child.await();
      return found;
    }
  }

  @Test
  void emptyEnvironmentIsEmpty() throws Exception {
    assertEquals(Map.of(), environment(Environment.empty()));
  }

  @Test
  void environmentIsExactlyWhatWasAsked() throws Exception {
    Environment asked =
        Environment.empty()
            .with("A", "1")
            .with("B", "x=y z")
            .with("A", "2")
            .passing("PATH", "NO_SUCH_VARIABLE");
    assertEquals(Map.of("A", "2", "B", "x=y z", "PATH", System.getenv("PATH")), environment(asked));
  }

  @Test
  void commonSetIsEnglishAndKnowsThePath() throws Exception {
    Map<String, String> found = environment(Environment.common());
    assertEquals("C", found.get("LC_ALL"));
    assertEquals(System.getenv("PATH"), found.get("PATH"));
    assertEquals(
        Set.of(),
        found.keySet().stream()
            .filter(name ->
                !Set.of(
                        "LC_ALL",
                        "PATH",
                        "HOME",
                        "USER",
                        "LOGNAME",
                        "TMPDIR",
                        "LD_PRELOAD",
                        "LD_LIBRARY_PATH")
                    .contains(name))
            .collect(Collectors.toSet()));
  }

  @Test
  void bareNameIsLookedUp() {
    assertEquals(new ExitStatus.Exited(0), spawner.run(CommandSpec.of("true").build()).status());
  }

  @Test
  void unknownBareNameSaysWhereItLooked() {
    SpawnException refused =
        assertThrows(
            SpawnException.class, () -> spawner.run(CommandSpec.of("no-such-program").build()));
    assertEquals(
        "Failed at step 'find program' starting 'no-such-program': It is in no folder of PATH, "
            + System.getenv("PATH"),
        refused.getMessage());
    assertEquals(Errno.ENOENT, refused.errno());
  }

  @Test
  void relativePathIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> CommandSpec.of("bin/true").build());
  }
}
