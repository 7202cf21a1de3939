package launcher.spawn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects a {@link CommandSpec}; every method but {@link #build} returns the builder itself. */
public final class CommandBuilder {
  private final Path program;
  private final List<Argument> arguments = new ArrayList<>();
  private final SortedMap<Integer, Descriptor> descriptors = new TreeMap<>();
  private final List<LeaseFile> leases = new ArrayList<>();
  private final List<Registration> registrations = new ArrayList<>();
  private final List<Path> cgroups = new ArrayList<>();
  private Origin origin = Origin.NONE;
  private Environment environment = Environment.empty();
  private StandardStreams streams = StandardStreams.NULL;
  private @Nullable Path workingDirectory;
  private @Nullable Integer umask;
  private Confinement confinement = Confinement.NONE;
  private Scheduling scheduling = Scheduling.UNCHANGED;
  private boolean daemon;
  private @Nullable Signal parentDeathSignal;
  private @Nullable PidFile pidFile;

  CommandBuilder(Path program) {
    this.program = program;
  }

  CommandBuilder(CommandSpec spec) {
    program = spec.program();
    arguments.addAll(spec.arguments());
    descriptors.putAll(spec.descriptors());
    leases.addAll(spec.leases());
    registrations.addAll(spec.registrations());
    cgroups.addAll(spec.cgroups());
    environment = spec.environment();
    streams = spec.streams();
    workingDirectory = spec.workingDirectory();
    umask = spec.umask();
    confinement = spec.confinement();
    scheduling = spec.scheduling();
    daemon = spec.daemon();
    parentDeathSignal = spec.parentDeathSignal();
    pidFile = spec.pidFile();
  }

  /** The arguments added from here on come from there, unless they say otherwise. */
  public CommandBuilder from(Origin value) {
    origin = value;
    return this;
  }

  /** Adds one argument; {@code String.formatted} makes one from parts. */
  public CommandBuilder add(String text) {
    arguments.add(new Argument(text, origin));
    return this;
  }

  /** Adds several arguments. */
  public CommandBuilder add(String first, String second, String... more) {
    add(first).add(second);
    return addAll(List.of(more));
  }

  /** Adds several arguments. */
  public CommandBuilder addAll(List<String> texts) {
    texts.forEach(this::add);
    return this;
  }

  /** Adds one argument with its own origin. */
  public CommandBuilder add(Argument argument) {
    arguments.add(argument);
    return this;
  }

  /** Exactly these arguments. */
  public CommandBuilder arguments(List<Argument> value) {
    arguments.clear();
    arguments.addAll(value);
    return this;
  }

  /** Adds {@code name=value} as one argument. */
  public CommandBuilder addPair(String name, String value) {
    return add(name + "=" + value);
  }

  /** Adds an option and its list: {@code -device virtio-blk-pci,drive=d0}. */
  public CommandBuilder add(String option, OptionList list) {
    return add(option).add(list.toString());
  }

  /** The exact environment; empty unless said. */
  public CommandBuilder environment(Environment value) {
    environment = value;
    return this;
  }

  /** Sets one variable. */
  public CommandBuilder variable(String name, String value) {
    environment = environment.with(name, value);
    return this;
  }

  /** Passes variables on. */
  public CommandBuilder passing(String... names) {
    environment = environment.passing(names);
    return this;
  }

  /** All three standard streams. */
  public CommandBuilder streams(StandardStreams value) {
    streams = value;
    return this;
  }

  /** Standard input. */
  public CommandBuilder input(StandardInput value) {
    streams = new StandardStreams(value, streams.output(), streams.error());
    return this;
  }

  /** Standard output. */
  public CommandBuilder output(StandardOutput value) {
    streams = new StandardStreams(streams.input(), value, streams.error());
    return this;
  }

  /** Standard error. */
  public CommandBuilder error(StandardOutput value) {
    streams = new StandardStreams(streams.input(), streams.output(), value);
    return this;
  }

  /** Standard output and standard error kept, each up to the default limit. */
  public CommandBuilder capture() {
    return output(new StandardOutput.Captured()).error(new StandardOutput.Captured());
  }

  /** Passes a descriptor at a number of the program's, at least 3. */
  public CommandBuilder descriptor(int number, Descriptor source) {
    if (descriptors.put(number, source) != null) {
      throw new IllegalArgumentException("Descriptor " + number + " is asked for twice");
    }
    return this;
  }

  /** Exactly these descriptors. */
  public CommandBuilder descriptors(Map<Integer, Descriptor> value) {
    descriptors.clear();
    descriptors.putAll(value);
    return this;
  }

  /** Where the program starts. */
  public CommandBuilder workingDirectory(Path value) {
    workingDirectory = value;
    return this;
  }

  /** Its umask, 0 too. */
  public CommandBuilder umask(int value) {
    umask = value;
    return this;
  }

  /** What it may not do. */
  public CommandBuilder confinement(Confinement value) {
    confinement = value;
    return this;
  }

  /** Its processors and priority. */
  public CommandBuilder scheduling(Scheduling value) {
    scheduling = value;
    return this;
  }

  /** A session of its own, in {@code /} unless said otherwise. */
  public CommandBuilder daemon() {
    daemon = true;
    return this;
  }

  /** What it gets when the spawning process ends. */
  public CommandBuilder parentDeathSignal(Signal value) {
    parentDeathSignal = value;
    return this;
  }

  /** Its pid file. */
  public CommandBuilder pidFile(Path value) {
    pidFile = new PidFile(value);
    return this;
  }

  /** A lease it must get and keeps as long as it lives. */
  public CommandBuilder lease(LeaseFile value) {
    leases.add(value);
    return this;
  }

  /** A daemon it makes itself known to before it runs. */
  public CommandBuilder registration(Registration value) {
    registrations.add(value);
    return this;
  }

  /** A control group it starts in. */
  public CommandBuilder cgroup(Path folder) {
    cgroups.add(folder);
    return this;
  }

  /** The command. */
  public CommandSpec build() {
    return new CommandSpec(
        program,
        arguments,
        environment,
        streams,
        descriptors,
        workingDirectory,
        umask,
        confinement,
        scheduling,
        daemon,
        parentDeathSignal,
        pidFile,
        leases,
        registrations,
        cgroups);
  }
}
