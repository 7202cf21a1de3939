package launcher.spawn.words;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Environment;
import launcher.spawn.LeaseFile;
import launcher.spawn.Signal;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;

/**
 * Turns option words into a command. An option that was not given is not in the map; a flag has an
 * empty list.
 */
public final class SpawnWords {
  private final Map<String, List<String>> values;

  private SpawnWords(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * The command that the words ask for.
   *
   * @param values option name, without dashes, to its values
   * @param program the program and its arguments, at least one word
   * @throws IllegalArgumentException naming the option whose value is not understood
   */
  public static CommandSpec command(Map<String, List<String>> values, List<String> program) {
    SpawnWords words = new SpawnWords(values);
    CommandBuilder command =
        CommandSpec.of(program.getFirst()).addAll(program.subList(1, program.size()));
    words.environment(command);
    words.streams(command);
    words.descriptors(command);
    words.surroundings(command);
    return command.confinement(new ConfinementWords(values).confinement()).build();
  }

  private List<String> all(String option) {
    return values.getOrDefault(option, List.of());
  }

  private void environment(CommandBuilder command) {
    if (!values.containsKey("empty-env")) {
      command.environment(Environment.common());
    }
    for (String pair : all("env")) {
      command.variable(Pair.of("env", pair).name(), Pair.of("env", pair).value());
    }
    all("pass-env").forEach(command::passing);
  }

  /**
   * A program in the foreground has the caller's own streams; a daemon has none unless it is given
   * a file.
   */
  private void streams(CommandBuilder command) {
    if (!values.containsKey("daemonize")) {
      command.streams(
          new StandardStreams(
              new StandardInput.From(new Descriptor.Existing(0)),
              new StandardOutput.To(new Descriptor.Existing(1)),
              new StandardOutput.To(new Descriptor.Existing(2))));
    }
    for (String path : all("output")) {
      Descriptor file =
          new Descriptor.OpenFile(absolute(path), Descriptor.Access.APPEND, true, false, 0600);
      command.output(new StandardOutput.To(file)).error(new StandardOutput.Merged());
    }
  }

  private void descriptors(CommandBuilder command) {
    for (String pair : all("fd")) {
      Pair fd = Pair.of("fd", pair);
      Path path = absolute(fd.value());
      command.descriptor(
          number("fd", fd.name()), new Descriptor.OpenFile(path, Descriptor.Access.READ_WRITE));
    }
    for (String pair : all("fd-read")) {
      Pair fd = Pair.of("fd-read", pair);
      Path path = absolute(fd.value());
      command.descriptor(
          number("fd-read", fd.name()), new Descriptor.OpenFile(path, Descriptor.Access.READ));
    }
  }

  private void surroundings(CommandBuilder command) {
    all("cwd").forEach(path -> command.workingDirectory(absolute(path)));
    all("umask").forEach(mask -> command.umask(octal(mask)));
    all("pid-file").forEach(path -> command.pidFile(absolute(path)));
    all("cgroup").forEach(path -> command.cgroup(absolute(path)));
    for (String pair : all("lease")) {
      Pair lease = Pair.of("lease", pair);
      command.lease(new LeaseFile(absolute(lease.value()), false, lease.name()));
    }
    all("death-signal").forEach(name -> command.parentDeathSignal(signal(name)));
    if (values.containsKey("daemonize")) {
      command.daemon();
    }
    command.scheduling(new SchedulingWords(values).scheduling());
  }

  private static Signal signal(String name) {
    return Signal.find(name)
        .orElseThrow(() -> new IllegalArgumentException("There is no signal '" + name + "'"));
  }

  static Path absolute(String path) {
    return Path.of(path).toAbsolutePath();
  }

  static int number(String option, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' of option --" + option + " is not a number", e);
    }
  }

  private static int octal(String text) {
    try {
      return Integer.parseInt(text, 8);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' of option --umask is not an octal number", e);
    }
  }
}
