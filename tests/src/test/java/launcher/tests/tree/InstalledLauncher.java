package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The installed command on a root of its own.
 *
 * @param root its {@code --root}
 * @param before words that come before the command, such as those that change the user
 */
public record InstalledLauncher(Path root, List<String> before) {
  private static final long PATIENCE_SECONDS = 120;
  private static final Path TREE =
      Path.of(System.getProperty("launcher.tree", "../target/launcher"));

  /**
   * How a run ended.
   *
   * @param status the exit code
   * @param output standard output
   * @param error standard error
   */
  public record Result(int status, String output, String error) {}

  /** Its tree; the test is skipped where it is not built. */
  public static Path tree() {
    program();
    return TREE.toAbsolutePath().normalize();
  }

  static Path program() {
    Path program = TREE.toAbsolutePath().normalize().resolve("bin/launcher");
    assumeTrue(Files.isExecutable(program), "needs the installed tree (mvn package): " + program);
    return program;
  }

  /** The words that run the command. */
  List<String> words(String... words) {
    List<String> all = new ArrayList<>(before);
    all.addAll(List.of(program().toString(), "--root", root.toString()));
    all.addAll(List.of(words));
    return all;
  }

  Process begin(String... words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words(words));
    builder.environment().remove("LAUNCHER_ROOT");
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  /** Runs the command to its end. */
  Result run(String... words) throws IOException, InterruptedException {
    Process process = begin(words);
    process.getOutputStream().close();
    CompletableFuture<String> error = read(process.getErrorStream());
    CompletableFuture<String> output = read(process.getInputStream());
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + " did not end: " + error.join());
    }
    return new Result(process.exitValue(), output.join(), error.join());
  }

  /** What a program says until it closes its pipe. */
  public static CompletableFuture<String> read(InputStream stream) {
    // A thread each: the common pool has one on two processors, and the other pipe would fill up.
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return e.toString();
          }
        },
        reader -> new Thread(reader, "reader").start());
  }

  /** Those that run for this root. */
  List<ProcessHandle> daemons() {
    return ProcessHandle.allProcesses()
        .filter(process -> {
          String line = Processes.commandLine(process.pid());
          return line.contains("launcherd") && line.contains(root.toString());
        })
        .toList();
  }

  /** Runs the command, which must succeed, and returns its output. */
  String succeed(String... words) throws IOException, InterruptedException {
    Result result = run(words);
    assertEquals(0, result.status(), String.join(" ", words) + ": " + result.error());
    return result.output();
  }
}
