package launcher.spawn;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Starts nothing: keeps the commands, and answers as it is told. For tests and for dry runs; each
 * instance has its own record, so tests may run side by side.
 */
public final class RecordingSpawner implements Spawner {
  /**
   * What a command seems to have done.
   *
   * @param status how it ended
   * @param output its standard output
   * @param error its standard error
   */
  public record Answer(ExitStatus status, Bytes output, Bytes error) {
    /** Success without a word. */
    public static final Answer SILENT = printing("");

    /** Success with this output. */
    public static Answer printing(String output) {
      return new Answer(new ExitStatus.Exited(0), Bytes.of(output), Bytes.EMPTY);
    }

    /** Failure with this text on standard error. */
    public static Answer failing(int code, String error) {
      return new Answer(new ExitStatus.Exited(code), Bytes.EMPTY, Bytes.of(error));
    }
  }

  private static final int FIRST_PID = 1_000_000;

  private final List<CommandSpec> commands = new CopyOnWriteArrayList<>();
  private final AtomicInteger nextPid = new AtomicInteger(FIRST_PID);
  private final Function<CommandSpec, Answer> answers;

  /** Answers every command with silent success. */
  public RecordingSpawner() {
    this(command -> Answer.SILENT);
  }

  /**
   * Answers as the function says.
   *
   * @param answers may throw a {@link SpawnException} for a command that shall not start
   */
  public RecordingSpawner(Function<CommandSpec, Answer> answers) {
    this.answers = answers;
  }

  /** What was asked for so far, in order. */
  public List<CommandSpec> commands() {
    return List.copyOf(commands);
  }

  /** The same as lines, see {@link Rendering#line}. */
  public List<String> lines() {
    return commands.stream().map(Rendering::line).toList();
  }

  @Override
  public Child start(CommandSpec command) {
    commands.add(command);
    return new RecordedChild(nextPid.getAndIncrement(), command, answers.apply(command));
  }

  @Override
  public HeldChild hold(CommandSpec command) {
    Child child = start(command);
    return new RecordedHold(child);
  }

  private record RecordedHold(Child child) implements HeldChild {
    @Override
    public int pid() {
      return child.pid();
    }

    @Override
    public CommandSpec command() {
      return child.command();
    }

    @Override
    public Child go() {
      return child;
    }

    @Override
    public void abort() {}
  }
}
