package launcher.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Starts commands from a small C process and takes their time there, so that no JVM of ours is
 * measured with them. See stopwatch.c.
 */
final class Stopwatch implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Path output;

  /**
   * What commands took.
   *
   * @param wallNanos from the first start to the last end
   * @param cpuNanos processor time of the commands themselves
   * @param output what they printed
   */
  record Took(long wallNanos, long cpuNanos, String output) {}

  private Stopwatch(Process process, Path output) {
    this.process = process;
    this.output = output;
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Compiles the C program into a folder. */
  static Path compile(Path source, Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("stopwatch");
    Commands.output(List.of("cc", "-O2", "-o", program.toString(), source.toString()));
    return program;
  }

  static Stopwatch start(Path program, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Stopwatch(process, folder.resolve("commands.out"));
  }

  /** Runs one command to its end; a status other than 0 is an error that carries what it said. */
  Took run(List<String> command) throws IOException {
    return run(List.of(command), 0);
  }

  /** Runs commands all at once. */
  Took runAll(List<List<String>> commands) throws IOException {
    return run(commands, 0);
  }

  /** Runs a command and waits for the end of another process too. */
  Took runUntilEnd(List<String> command, long pid) throws IOException {
    return run(List.of(command), pid);
  }

  private Took run(List<List<String>> commands, long pid) throws IOException {
    Files.writeString(output, "");
    List<String> words = new ArrayList<>(List.of("run", output.toString(), Long.toString(pid)));
    commands.forEach(command -> {
      words.addAll(command);
      words.add("");
    });
    long[] answer = ask(words);
    String said = Files.readString(output);
    if (answer[0] != 0) {
      throw new IOException(
          "status "
              + answer[0]
              + " of "
              + String.join(" ", commands.getFirst())
              + (commands.size() > 1 ? " … (" + commands.size() + " commands)" : "")
              + ": "
              + said.strip());
    }
    return new Took(answer[1], answer[2], said);
  }

  /** Processor time that these processes have used so far, in nanoseconds. */
  long cpuNanos(Collection<Long> pids) throws IOException {
    if (pids.isEmpty()) {
      return 0;
    }
    List<String> words = new ArrayList<>(List.of("cpu"));
    pids.forEach(pid -> words.add(Long.toString(pid)));
    return ask(words)[2];
  }

  private long[] ask(List<String> words) throws IOException {
    StringBuilder request = new StringBuilder().append(words.size()).append('\n');
    words.forEach(word -> request.append(word).append('\0'));
    OutputStream out = process.getOutputStream();
    out.write(request.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the stopwatch has ended");
    }
    String[] numbers = answer.split(" ", -1);
    return new long[] {
      Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])
    };
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
    answers.close();
  }
}
