package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the command does before its first word to the daemon, by the JVM's own record of it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CommandStartIT {
  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  @Test
  void asksForNoTableOfAlgorithmsAndForNoClassThatTheArchiveLacks()
      throws IOException, InterruptedException {
    InstalledLauncher launcher = new InstalledLauncher(folder.resolve("root"), List.of());
    launcher.succeed("list");

    Path record = folder.resolve("classes");
    Process command = new ProcessBuilder(recorded(record)).redirectErrorStream(true).start();
    command.getOutputStream().close();
    String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, command.waitFor(), said);

    List<String> lines = Files.readAllLines(record);
    assertTrue(has(lines, "Initializing 'launcher/cli/KernelRandom'"), "it stands in");
    assertFalse(has(lines, "Initializing 'sun/security/util/KnownOIDs'"), "no table is made");
    assertFalse(has(lines, "source: jar:file:"), "no class comes from a jar");
    assertFalse(has(lines, "source: file:"), "no class comes from a jar");
  }

  private static boolean has(List<String> lines, String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  /** The words of the installed program, which end with its main class, and a record of classes. */
  private List<String> recorded(Path record) throws IOException {
    Path program = InstalledLauncher.program();
    String line = Files.readAllLines(program).getFirst();
    String[] words = line.substring("#!".length()).split(" @", 2);
    List<String> installed = new ArrayList<>(Files.readAllLines(Path.of(words[1])));
    installed.add(installed.size() - 1, "\"-Xlog:class+init,class+load:file=" + record + ":none\"");
    Path arguments = Files.write(folder.resolve("recorded.args"), installed);
    return List.of(
        words[0],
        "@" + arguments,
        program.toString(),
        "--root",
        folder.resolve("root").toString(),
        "list",
        "--all");
  }
}
