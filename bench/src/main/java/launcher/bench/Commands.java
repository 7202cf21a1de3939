package launcher.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs commands whose time is not taken. */
final class Commands {
  private static final long READY_NANOS = 30_000_000_000L;

  private Commands() {}

  static Process start(List<String> command, Path log) throws IOException {
    return start(command, log, Map.of());
  }

  static Process start(List<String> command, Path log, Map<String, String> more)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(more);
    return builder.start();
  }

  /** Runs a command to its end; a status other than 0 is an error that carries what it printed. */
  static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text;
    try (var out = process.getInputStream()) {
      text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(
          "status " + status + " of " + String.join(" ", command) + ": " + text.strip());
    }
    return text;
  }

  /** Runs a command of cleaning up, whose failure means that there was nothing to clean. */
  static boolean tryRun(List<String> command) throws InterruptedException {
    try {
      output(command);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The last lines of a log, if it has any. */
  static Optional<String> tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(
              String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Waits for a daemon: each try blocks for as long as the client itself takes. */
  static void untilItSucceeds(List<String> command) throws Exception {
    long deadline = System.nanoTime() + READY_NANOS;
    while (!tryRun(command)) {
      if (System.nanoTime() > deadline) {
        output(command);
      }
    }
  }
}
