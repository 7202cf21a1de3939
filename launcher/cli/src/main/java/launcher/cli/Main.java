package launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.spawn.SpawnException;

/** The {@code launcher} command. */
public final class Main {
  private Main() {}

  /**
   * Carries out one verb and leaves with its exit code ({@link Outcome}).
   *
   * @param words the path of the command as typed (the kernel adds it for a {@code #!} file), then
   *     the user's words
   */
  public static void main(String... words) {
    Output output = Output.standard();
    List<String> said = Arrays.asList(words).subList(1, words.length);
    NarrowLocale.leave(said, System.getenv());
    Outcome outcome = run(said, System.getenv(), output);
    if (output.tellsFailure() && outcome == Outcome.DONE) {
      outcome = Outcome.FAILED;
    }
    // halt: there are no shutdown hooks, and waiting for the VM's orderly end costs milliseconds
    Runtime.getRuntime().halt(outcome.exitCode());
  }

  static Outcome run(List<String> words, Map<String, String> environment, Output output) {
    Options options = Options.initial(environment);
    try {
      CommandLine line = CommandLine.read(words, environment);
      options = line.options();
      return run(line, output);
    } catch (ControlException e) {
      return failed(words.contains("--json") ? options.withJson() : options, output, e);
    } catch (InvalidPathException e) {
      return failed(
          options,
          output,
          new ControlException(
              Outcome.USAGE, "'" + e.getInput() + "' names no file: " + e.getReason(), e));
    } catch (FileSystemException e) {
      return failed(options, output, FileTrouble.with(e));
    } catch (IOException | UncheckedIOException | SpawnException e) {
      return failed(
          options, output, new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()), e));
    }
  }

  private static Outcome failed(Options options, Output output, ControlException e) {
    if (options.json()) {
      output.json(Output.failure(e));
    }
    output.error(String.valueOf(e.getMessage()));
    return e.outcome();
  }

  private static Outcome run(CommandLine line, Output output) throws IOException {
    Optional<Verb> verb = line.verb();
    if (verb.isEmpty()) {
      output.text(Help.overview());
      return line.options().help() ? Outcome.DONE : Outcome.USAGE;
    }
    if (line.options().help()) {
      output.text(Help.of(verb.get()));
      return Outcome.DONE;
    }
    // Not closed: the process ends now, and the JDK's way of closing a socket loads what it needs
    // for those of a network first.
    Session session = new Session(line.options());
    return verb.get().run(line.invocation(verb.get(), output, session));
  }
}
