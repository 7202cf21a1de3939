package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static Invocation read(String... words) {
    CommandLine line = CommandLine.read(List.of(words), Map.of());
    Output output = new Output(System.out, System.err);
    return line.invocation(line.verb().orElseThrow(), output, new Session(line.options()));
  }

  private static String refusal(String... words) {
    ControlException e = assertThrows(ControlException.class, () -> read(words));
    assertEquals(Outcome.USAGE, e.outcome());
    return String.valueOf(e.getMessage());
  }

  @Test
  void optionsStandAnywhere() {
    Invocation in =
        read("--json", "shutdown", "a", "--timeout", "5", "b", "--root=/x", "--mode=acpi");
    assertEquals(List.of("a", "b"), in.operands("domain"));
    assertEquals(Optional.of(5L), in.number("timeout", 1));
    assertEquals(Optional.of("acpi"), in.value("mode"));
    assertTrue(in.options().json());
    assertEquals(Optional.of(Path.of("/x")), in.options().root());
  }

  @Test
  void aRelativeRootIsTheCallersAndNotTheDaemons() {
    assertEquals(
        Optional.of(Path.of("").toAbsolutePath().resolve("x")),
        read("list", "--root", "y/../x").options().root());
    Options inherited = Options.initial(Map.of("LAUNCHER_ROOT", "x"));
    assertEquals(Optional.of(Path.of("").toAbsolutePath().resolve("x")), inherited.root());
  }

  @Test
  void anEmptyRootIsNotTheCallersFolder() {
    assertEquals("--root takes a folder, not ''", refusal("list", "--root", ""));
  }

  @Test
  void theHostsDaemonIsChosenByAWordOrAsInVirsh() {
    assertTrue(read("--system", "list").options().system());
    assertTrue(read("-c", "qemu:///system", "list").options().system());
    assertTrue(read("list", "--connect=lxc:///").options().system());
    assertFalse(read("list").options().system());
    assertTrue(Options.initial(Map.of("LAUNCHER_SYSTEM", "1")).system());
    assertFalse(
        CommandLine.read(
                List.of("--connect", "qemu:///session", "list"), Map.of("LAUNCHER_SYSTEM", "1"))
            .options()
            .system());
    assertEquals(Optional.empty(), read("--root", "/x", "list", "--system").options().root());
    assertFalse(read("--system", "list", "--root", "/x").options().system());
    assertEquals(
        "--connect takes 'qemu:///system' or 'qemu:///session', not 'qemu+ssh://h/system'; one daemon serves all kinds of guests, and --root chooses one elsewhere",
        refusal("--connect", "qemu+ssh://h/system", "list"));
  }

  @Test
  void operandsMayBeNamedAsInVirsh() {
    Invocation in = read("save", "--file", "/f", "--domain", "g");
    assertEquals("g", in.operand("domain"));
    assertEquals("/f", in.operand("file"));
    assertEquals("/f", read("save", "--domain", "g", "/f").operand("file"));
  }

  @Test
  void twoDashesEndTheOptions() {
    assertEquals(
        List.of("-all", "--json"), read("start", "--", "-all", "--json").operands("domain"));
    assertFalse(read("start", "--", "--json").options().json());
  }

  @Test
  void hostileNamesStayOneWord() {
    String name = "() { :;}; echo vulnerable\n../x,y=z";
    assertEquals(List.of(name), read("start", name).operands("domain"));
  }

  @Test
  void refusalsNameTheWayOut() {
    assertEquals(
        "unknown verb 'strat' (did you mean 'start'?); see 'launcher help'", refusal("strat", "a"));
    assertEquals(
        "'start' has no option '--pased' (did you mean '--paused'?); see 'launcher help start'",
        refusal("start", "a", "--pased"));
    assertEquals("'start' needs <domain>; see 'launcher help start'", refusal("start"));
    assertEquals("'dominfo' takes no further word 'b'", refusal("dominfo", "a", "b"));
    assertEquals("option '--timeout' needs a value", refusal("shutdown", "a", "--timeout"));
    assertEquals("option '--paused' takes no value", refusal("start", "a", "--paused=1"));
    assertEquals(
        "unknown option '--bogus' before the verb; see 'launcher help'",
        refusal("--bogus", "list"));
  }

  @Test
  void everyVerbOfEveryFamilyExplainsItself() {
    int verbs = 0;
    for (VerbFamily family : Families.all()) {
      for (String name : family.names()) {
        Verb verb = family.verb(name);
        assertEquals(name, verb.name());
        assertTrue(Help.of(verb).contains(verb.summary()));
        verbs++;
      }
    }
    assertTrue(verbs > 40, "only " + verbs + " verbs");
  }

  @Test
  void exitCodesAndJsonOfFailures() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    Output output =
        new Output(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(error, true, StandardCharsets.UTF_8));
    Outcome outcome = Main.run(List.of("--json", "start"), Map.of(), output);
    assertEquals(2, outcome.exitCode());
    assertEquals(
        "error: 'start' needs <domain>; see 'launcher help start'\n",
        error.toString(StandardCharsets.UTF_8));
    assertEquals(
        """
        {
          "failure": "usage",
          "message": "'start' needs <domain>; see 'launcher help start'"
        }
        """,
        out.toString(StandardCharsets.UTF_8));
  }
}
