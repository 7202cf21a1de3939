package launcher.spawn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a plain user's daemon from the command. The only use of {@link ProcessBuilder}: it costs a
 * short-lived JVM 18 ms where the spawn core costs 200 (jnr's first call), and nothing of a guest's
 * dress is needed: the JVM's helper closes every descriptor, and the executor gives it a session of
 * its own.
 *
 * <p>The executor stands between ({@code detach.c}) and ends when its standard input does: the JDK
 * has a thread in waitpid(2) for each child, and a JVM's end waits 300 ms for a thread in the
 * system's hands ({@code VM_Exit::wait_for_threads_in_native_to_block}).
 */
public final class DetachedProgram {
  private static final List<String> VARIABLES_OF_THE_JVM =
      List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

  private DetachedProgram() {}

  /**
   * Starts a program in {@code /} with standard input from /dev/null and standard error appended to
   * a log, and waits for its first line on standard output.
   *
   * @return the line; empty when the program ended or closed its output without one
   * @throws SpawnException when it does not start
   */
  public static Optional<String> start(List<String> command, Path log) {
    List<String> words = new ArrayList<>(List.of(ExecutorFile.find().toString(), "detach"));
    words.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(Path.of("/").toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeAll(VARIABLES_OF_THE_JVM);
    // The names of files in all letters, whatever the caller's locale; see UnicodeNames.
    builder.environment().put("LC_ALL", "C.UTF-8");
    // glibc would give each of the daemon's threads a heap that keeps what it once needed
    // (mallopt(3)).
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw SpawnException.ended(Path.of(command.getFirst()), "did not start: " + e.getMessage());
    }
    try (OutputStream _ = process.getOutputStream(); // closed last: it ends the one between
        BufferedReader output =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return Optional.ofNullable(output.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
