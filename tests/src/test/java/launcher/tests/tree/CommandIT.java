package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonReader;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What is true of all verbs: answers for programs, words where they belong, and completion. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CommandIT {
  private static final String HOSTILE = "() { :;}; touch x";

  /** They answer one object a line, with what another program says, or with candidates. */
  private static final Set<String> OTHER_ANSWERS =
      Set.of("event", "net-event", "spawn", "complete");

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void ownRoot() {
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
  }

  @AfterEach
  void endWhatRuns() throws IOException, InterruptedException {
    for (String name : launcher.run("list", "--name").output().split("\n")) {
      if (!name.isBlank()) {
        launcher.run("destroy", "--", name);
      }
    }
  }

  private static List<Members> objects(Json array) {
    return array instanceof Json.Array(List<Json> items)
        ? items.stream().map(item -> (Members) item).toList()
        : List.of();
  }

  private List<Members> verbs() throws IOException, InterruptedException {
    List<Members> verbs = new ArrayList<>();
    for (Members family : objects(JsonReader.read(launcher.succeed("help", "--json")))) {
      verbs.addAll(objects(family.find("verbs").orElseThrow()));
    }
    assertTrue(verbs.size() > 100, "only " + verbs.size() + " verbs");
    return verbs;
  }

  @Test
  void everyVerbAnswersInJsonAlsoWhenItRefuses() throws IOException, InterruptedException {
    for (Members verb : verbs()) {
      String name = verb.text("name");
      if (OTHER_ANSWERS.contains(name)) {
        continue;
      }
      List<String> words = new ArrayList<>(List.of(name, "--json"));
      for (Members operand : objects(verb.find("operands").orElseThrow())) {
        if (operand.isTrue("required")) {
          words.add("no-such");
        }
      }
      InstalledLauncher.Result result = launcher.run(words.toArray(String[]::new));
      parsed(words, result);
      assertEquals(result.status() == 0, result.error().isEmpty(), words + ": " + result.error());
      if (words.size() > 2) {
        assertNotEquals(0, result.status(), words + ": " + result.output());
      }
    }
  }

  private static void parsed(List<String> words, InstalledLauncher.Result result) {
    try {
      JsonReader.read(result.output());
    } catch (ControlException e) {
      throw new AssertionError(words + " answers no JSON: " + result.output(), e);
    }
  }

  @Test
  void whatIsAskedOfARunningGuestIsJson() throws IOException, InterruptedException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    launcher.succeed("define", HelloGuest.in(folder, "hello").toString());
    launcher.succeed("start", "hello");
    List<String> questions =
        List.of(
            "list",
            "dominfo",
            "domstate",
            "domid",
            "domname",
            "domuuid",
            "domblklist",
            "domiflist",
            "domstats",
            "dommemstat",
            "vcpucount",
            "vcpuinfo",
            "ttyconsole",
            "log",
            "dumpxml",
            "plan",
            "explain",
            "desc",
            "snapshot-list");
    for (String verb : questions) {
      List<String> words =
          verb.equals("list") ? List.of(verb, "--json") : List.of(verb, "hello", "--json");
      InstalledLauncher.Result result = launcher.run(words.toArray(String[]::new));
      assertEquals(0, result.status(), words + ": " + result.error());
      parsed(words, result);
      assertEquals("", result.error(), String.valueOf(words));
    }
    assertEquals(
        List.of("hello"), launcher.succeed("complete", "--", "dominfo", "h").lines().toList());
  }

  @Test
  void refusesAndSaysWhatVirshDoes() throws IOException, InterruptedException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    Path file = HelloGuest.in(folder, "hello");
    Path medium = Files.write(folder.resolve("cd.iso"), new byte[1 << 20]);
    String drive = "<disk type='file' device='cdrom'><target dev='hdc' bus='sata'/></disk>";
    Files.writeString(file, Files.readString(file).replace("</devices>", drive + "</devices>"));
    launcher.succeed("define", file.toString());
    assertEquals(8, launcher.run("domifaddr", "hello", "--source", "agent").status());
    launcher.succeed("start", "hello");
    launcher.succeed("change-media", "hello", "hdc", medium.toString(), "--insert");
    InstalledLauncher.Result full =
        launcher.run("change-media", "hello", "hdc", medium.toString(), "--insert");
    assertEquals(8, full.status(), full.error());
    launcher.succeed("change-media", "hello", "hdc", medium.toString(), "--update");
    launcher.succeed("change-media", "hello", "hdc", "--eject");
    assertEquals(8, launcher.run("change-media", "hello", "hdc", "--eject").status());
    assertEquals(8, launcher.run("setmaxmem", "hello", "32768").status());
    launcher.succeed("setmaxmem", "hello", "32768", "--config");
    assertTrue(launcher.succeed("managedsave-remove", "hello").contains("removal skipped"));
    launcher.succeed("managedsave", "hello");
    launcher.succeed("start", "hello");
    assertEquals("running (restored)\n\n", launcher.succeed("domstate", "--reason", "hello"));
  }

  @Test
  void aFileThatIsNotThereHidesNoOthersResult() throws IOException, InterruptedException {
    String file = HelloGuest.in(folder, "hello").toString();
    InstalledLauncher.Result result = launcher.run("define", file, "/no/such.xml");
    assertEquals(1, result.status());
    assertEquals("error: there is no file '/no/such.xml'\n", result.error());
    assertEquals("Domain 'hello' defined from " + file + "\n\n", result.output());
  }

  @Test
  void aShellLearnsWhatMayFollow() throws IOException, InterruptedException {
    assertEquals(
        List.of("domstate", "domstats"),
        launcher.succeed("complete", "--", "domstat").lines().sorted().toList());
    assertEquals(
        List.of("--paused"), launcher.succeed("complete", "--", "start", "--pau").lines().toList());
    launcher.succeed("define", HelloGuest.in(folder, HOSTILE).toString());
    assertEquals(
        List.of(HOSTILE), launcher.succeed("complete", "--", "start", "").lines().toList());
    assertEquals(
        List.of(), launcher.succeed("complete", "--", "no-such-verb", "").lines().toList());
  }

  @Test
  void anAnswerThatCannotBeWrittenIsAFailure() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(launcher.words("list")).redirectOutput(new File("/dev/full")).start();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "ends");
    assertEquals("error: the result could not be written: No space left on device\n", error);
    assertEquals(1, process.exitValue());
  }
}
