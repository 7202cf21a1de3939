package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import launcher.tests.tree.InstalledLauncher;

/** Programs of the host, and waiting for what no event tells of. */
final class Commands {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  /**
   * How a program ended.
   *
   * @param status its exit code
   * @param output standard output
   * @param error standard error
   */
  record Result(int status, String output, String error) {}

  /** A question whose answer may take reading a file. */
  @FunctionalInterface
  interface Question {
    boolean ask() throws IOException, InterruptedException;
  }

  /** Words that may take reading a file. */
  @FunctionalInterface
  interface Words {
    String say() throws IOException, InterruptedException;
  }

  private Commands() {}

  static Result run(List<String> words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().remove("LAUNCHER_ROOT");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<String> error = InstalledLauncher.read(process.getErrorStream());
    CompletableFuture<String> output = InstalledLauncher.read(process.getInputStream());
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + " did not end");
    }
    return new Result(process.exitValue(), output.join(), error.join());
  }

  static String succeed(String... words) throws IOException, InterruptedException {
    return succeed(List.of(words));
  }

  static String succeed(List<String> words) throws IOException, InterruptedException {
    Result result = run(words);
    assertEquals(
        0, result.status(), String.join(" ", words) + ": " + result.output() + result.error());
    return result.output();
  }

  /** Returns when the answer is yes; fails with these words when it does not come. */
  static void await(Question question, Words otherwise) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!question.ask()) {
        if (System.nanoTime() > deadline) {
          fail(otherwise.say());
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
