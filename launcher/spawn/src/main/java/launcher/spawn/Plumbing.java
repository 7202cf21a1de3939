package launcher.spawn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;

/** The descriptors of one command: makes pipes and sealed memory, and says what goes where. */
final class Plumbing implements AutoCloseable {
  static final int NONE = -1;

  private final CommandSpec command;
  private final List<Integer> nulls = new ArrayList<>();
  private final Map<Integer, Descriptor.OpenFile> files = new TreeMap<>();
  private final Map<Integer, Integer> inherited = new TreeMap<>();

  /** Ours only until the child has them. */
  private final List<Integer> temporary = new ArrayList<>();

  private int input = NONE;
  private int output = NONE;
  private int error = NONE;
  private boolean merged;

  private Plumbing(CommandSpec command) {
    this.command = command;
  }

  /**
   * Makes what the command needs.
   *
   * @throws SpawnException when a descriptor is still a name, or a pipe cannot be made
   */
  static Plumbing of(CommandSpec command) {
    List<String> missing = command.missing();
    if (!missing.isEmpty()) {
      throw new SpawnException(
          SpawnStep.BIND_DESCRIPTORS,
          missing.getFirst(),
          command.program(),
          0,
          "Nobody provided this descriptor");
    }
    Plumbing plumbing = new Plumbing(command);
    try {
      plumbing.lay();
      return plumbing;
    } catch (CallException failed) {
      plumbing.close();
      throw new SpawnException(SpawnStep.CREATE_PIPES, "", command.program(), failed.errno());
    }
  }

  private void lay() throws CallException {
    StandardStreams streams = command.streams();
    switch (streams.input()) {
      case StandardInput.Null() -> nulls.add(0);
      case StandardInput.From(Descriptor descriptor) -> connect(0, descriptor);
      case StandardInput.Fed(Bytes bytes) -> input = pipe(0);
      case StandardInput.Piped() -> input = pipe(0);
    }
    output = output(1, streams.output());
    error = output(2, streams.error());
    for (Map.Entry<Integer, Descriptor> passed : command.descriptors().entrySet()) {
      connect(passed.getKey(), passed.getValue());
    }
  }

  private int output(int number, StandardOutput wanted) throws CallException {
    switch (wanted) {
      case StandardOutput.Null() -> nulls.add(number);
      case StandardOutput.To(Descriptor descriptor) -> connect(number, descriptor);
      case StandardOutput.Captured(int limit) -> {
        return pipe(number);
      }
      case StandardOutput.Piped() -> {
        return pipe(number);
      }
      case StandardOutput.Merged() -> merged = true;
    }
    return NONE;
  }

  private void connect(int number, Descriptor descriptor) throws CallException {
    switch (descriptor) {
      case Descriptor.OpenFile file -> files.put(number, file);
      case Descriptor.Existing(int existing) -> inherited.put(number, existing);
      case Descriptor.Content(Bytes bytes) -> {
        int memory = Calls.sealedMemory(bytes.array());
        temporary.add(memory);
        inherited.put(number, memory);
      }
      case Descriptor.Named(String name) ->
          throw new IllegalStateException("'" + name + "' was checked above");
    }
  }

  /** A pipe whose one end is the child's; returns ours. */
  private int pipe(int number) throws CallException {
    int[] pair = Calls.pipe();
    int theirs = number == 0 ? pair[0] : pair[1];
    temporary.add(theirs);
    inherited.put(number, theirs);
    return number == 0 ? pair[1] : pair[0];
  }

  /**
   * Numbers for the executor: every source and the control socket lie above every number the
   * program asks for, and above every source's number here, so that putting one in its place
   * overwrites none.
   *
   * @param control the child's end of the control socket in this process
   */
  Inheritance inheritance(int control) {
    int above = Math.max(control, 3);
    List<Integer> sources = new ArrayList<>();
    Map<Integer, Integer> numbers = new TreeMap<>();
    for (Map.Entry<Integer, Integer> entry : inherited.entrySet()) {
      above = Math.max(above, Math.max(entry.getKey(), entry.getValue()));
      sources.add(entry.getValue());
    }
    for (int target : files.keySet()) {
      above = Math.max(above, target);
    }
    int base = above + 1;
    int next = base;
    for (int target : inherited.keySet()) {
      numbers.put(target, ++next);
    }
    return new Inheritance(nulls, files, numbers, sources, base, merged);
  }

  /** Our end of standard input, or {@link #NONE}; its new owner closes it. */
  int takeInput() {
    int taken = input;
    input = NONE;
    return taken;
  }

  /** Our end of standard output, or {@link #NONE}; its new owner closes it. */
  int takeOutput() {
    int taken = output;
    output = NONE;
    return taken;
  }

  /** Our end of standard error, or {@link #NONE}; its new owner closes it. */
  int takeError() {
    int taken = error;
    error = NONE;
    return taken;
  }

  /** The program, for the words of an error. */
  Path program() {
    return command.program();
  }

  /** Closes the child's ends here, as soon as the child has them. */
  void closeTheirs() {
    temporary.forEach(Calls::close);
    temporary.clear();
  }

  @Override
  public void close() {
    closeTheirs();
    Calls.close(takeInput());
    Calls.close(takeOutput());
    Calls.close(takeError());
  }
}
