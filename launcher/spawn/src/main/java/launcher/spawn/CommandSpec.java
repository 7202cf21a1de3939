package launcher.spawn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One command as plain data: whoever plans makes it, a {@link Spawner} carries it out, it never
 * changes.
 *
 * @param program absolute path, or a bare name that the spawner looks up once in its own PATH
 * @param arguments what the program gets after its own name
 * @param environment exact
 * @param streams standard input, output, error
 * @param descriptors number in the program (at least 3) to what stands behind it; every other
 *     number is closed
 * @param workingDirectory absolute; null is the spawner's, or {@code /} for a daemon; entered with
 *     the spawner's rights
 * @param umask 0 to 0777, or null for the spawner's
 * @param confinement what it may not do
 * @param scheduling processors and priority
 * @param daemon true for a session of its own: it outlives the spawner and no terminal reaches it
 * @param parentDeathSignal what it gets when the spawning process ends, or null
 * @param pidFile names and locks, or null
 * @param leases locks it inherits
 * @param registrations daemons that it makes itself known to
 * @param cgroups control group folders that it is put into before it runs
 */
public record CommandSpec(
    Path program,
    List<Argument> arguments,
    Environment environment,
    StandardStreams streams,
    SortedMap<Integer, Descriptor> descriptors,
    @Nullable Path workingDirectory,
    @Nullable Integer umask,
    Confinement confinement,
    Scheduling scheduling,
    boolean daemon,
    @Nullable Signal parentDeathSignal,
    @Nullable PidFile pidFile,
    List<LeaseFile> leases,
    List<Registration> registrations,
    List<Path> cgroups) {
  /** Highest number a descriptor may be asked for; far above any use, far below any limit. */
  public static final int MAXIMUM_DESCRIPTOR = 4095;

  public CommandSpec {
    arguments = List.copyOf(arguments);
    descriptors = Collections.unmodifiableSortedMap(new TreeMap<>(descriptors));
    leases = List.copyOf(leases);
    registrations = List.copyOf(registrations);
    cgroups = List.copyOf(cgroups);
    Words.refuseNul("path", program.toString());
    if (!program.isAbsolute() && (program.getNameCount() != 1 || program.toString().isEmpty())) {
      throw new IllegalArgumentException(
          "The program '" + program + "' is neither an absolute path nor a bare name");
    }
    for (int number : descriptors.keySet()) {
      if (number < 3 || number > MAXIMUM_DESCRIPTOR) {
        throw new IllegalArgumentException(
            "A descriptor is passed at 3 to " + MAXIMUM_DESCRIPTOR + ", not " + number);
      }
    }
    if (workingDirectory != null && !workingDirectory.isAbsolute()) {
      throw new IllegalArgumentException(
          "The working directory '" + workingDirectory + "' is not an absolute path");
    }
    if (umask != null && (umask < 0 || umask > 0777)) {
      throw new IllegalArgumentException(
          "A umask is 0 to 0777, not 0" + Integer.toOctalString(umask));
    }
    if (daemon && (streams.needsPump() || parentDeathSignal != null)) {
      throw new IllegalArgumentException(
          "A daemon outlives its parent: its streams cannot be captured, its parent's death cannot end it");
    }
  }

  /** Starts a command. */
  public static CommandBuilder of(Path program) {
    return new CommandBuilder(program);
  }

  /** Starts a command; the program by absolute path or bare name. */
  public static CommandBuilder of(String program) {
    return of(Path.of(program));
  }

  /** The arguments' texts, without the program's own name. */
  public List<String> words() {
    return arguments.stream().map(Argument::text).toList();
  }

  /** The names of descriptors not yet provided. */
  public List<String> missing() {
    List<String> names = new ArrayList<>();
    for (Descriptor descriptor : everyDescriptor()) {
      if (descriptor instanceof Descriptor.Named(String name)) {
        names.add(name);
      }
    }
    return names;
  }

  private List<Descriptor> everyDescriptor() {
    List<Descriptor> all = new ArrayList<>(descriptors.values());
    if (streams.input() instanceof StandardInput.From(Descriptor descriptor)) {
      all.add(descriptor);
    }
    if (streams.output() instanceof StandardOutput.To(Descriptor descriptor)) {
      all.add(descriptor);
    }
    if (streams.error() instanceof StandardOutput.To(Descriptor descriptor)) {
      all.add(descriptor);
    }
    return all;
  }

  /**
   * The same command with its named descriptors bound to open ones.
   *
   * @param open name to descriptor number of this process; names it does not hold stay as they are
   */
  public CommandSpec bind(Map<String, Integer> open) {
    SortedMap<Integer, Descriptor> bound = new TreeMap<>();
    descriptors.forEach((number, descriptor) -> bound.put(number, bind(descriptor, open)));
    StandardStreams boundStreams =
        new StandardStreams(
            streams.input() instanceof StandardInput.From(Descriptor descriptor)
                ? new StandardInput.From(bind(descriptor, open))
                : streams.input(),
            bind(streams.output(), open),
            bind(streams.error(), open));
    return toBuilder().streams(boundStreams).descriptors(bound).build();
  }

  private static StandardOutput bind(StandardOutput output, Map<String, Integer> open) {
    return output instanceof StandardOutput.To(Descriptor descriptor)
        ? new StandardOutput.To(bind(descriptor, open))
        : output;
  }

  private static Descriptor bind(Descriptor descriptor, Map<String, Integer> open) {
    if (descriptor instanceof Descriptor.Named(String name)) {
      Integer number = open.get(name);
      return number == null ? descriptor : new Descriptor.Existing(number);
    }
    return descriptor;
  }

  /** The same command with exactly these arguments. */
  public CommandSpec withArguments(List<Argument> changed) {
    return toBuilder().arguments(changed).build();
  }

  /** A builder that begins with everything of this command. */
  public CommandBuilder toBuilder() {
    return new CommandBuilder(this);
  }
}
