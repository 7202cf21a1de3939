package launcher.engine.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.plan.ContainerStep;
import launcher.engine.EngineException;
import launcher.engine.network.GuestLinks;
import launcher.engine.qmp.EventRelay;
import launcher.engine.qmp.QmpClient;
import launcher.spawn.Argument;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import org.jspecify.annotations.Nullable;

/** What the steps of one start share: descriptors opened for the command, and the monitor. */
public final class Workspace implements GuestLinks.Descriptors, AutoCloseable {
  private final String guest;
  private final EventRelay events;
  private final StepClock clock;
  private final Map<String, OpenDescriptor> open = new LinkedHashMap<>();
  private final Map<String, String> words = new LinkedHashMap<>();
  private @Nullable QmpClient monitor;
  private @Nullable Child child;
  private final List<ContainerStep.Claim> claims = new ArrayList<>();
  private int heldPid;

  /**
   * For one start.
   *
   * @param guest its name, for messages
   * @param events told of the monitor's events from the handshake on
   * @param clock told of every step that is over
   */
  public Workspace(String guest, EventRelay events, StepClock clock) {
    this.guest = guest;
    this.events = events;
    this.clock = clock;
  }

  /** For steps whose time nobody asks for. */
  public Workspace(String guest, EventRelay events) {
    this(guest, events, new StepClock());
  }

  /** Takes the time of the steps. */
  public StepClock clock() {
    return clock;
  }

  /** An open descriptor of this process and how to let go of it. */
  public record OpenDescriptor(int number, Runnable closer) {}

  /** The name of what is started. */
  public String guest() {
    return guest;
  }

  @Override
  public void provide(String name, int number, Runnable closer) {
    open.put(name, new OpenDescriptor(number, closer));
  }

  /** Names to numbers, for the command. */
  public Map<String, Integer> descriptors() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    open.forEach((name, descriptor) -> numbers.put(name, descriptor.number()));
    return numbers;
  }

  /** Says what stands in the command in the place of a word that the plan left open. */
  void word(String placeholder, String value) {
    words.put(placeholder, value);
  }

  /** The command with its descriptors bound and its open words filled in. */
  CommandSpec complete(CommandSpec command) {
    CommandSpec bound = command.bind(descriptors());
    return words.isEmpty() ? bound : bound.withArguments(filled(bound));
  }

  private List<Argument> filled(CommandSpec command) {
    List<Argument> arguments = new ArrayList<>();
    for (Argument argument : command.arguments()) {
      String text = argument.text();
      for (Map.Entry<String, String> word : words.entrySet()) {
        text = text.replace(word.getKey(), word.getValue());
      }
      arguments.add(new Argument(text, argument.origin()));
    }
    return arguments;
  }

  /** Told of the monitor's events. */
  public EventRelay events() {
    return events;
  }

  /** A name of the host was found free, and the command is going to take it. */
  void claim(ContainerStep.Claim claim) {
    claims.add(claim);
  }

  /** What the command takes when it runs, to be taken back after it. */
  public List<ContainerStep.Claim> claims() {
    return List.copyOf(claims);
  }

  void held(int pid) {
    heldPid = pid;
  }

  /** The id of the process that waits or runs; 0 while there is none. */
  int heldPid() {
    return heldPid;
  }

  void started(Child running) {
    child = running;
  }

  /** The process, for steps after its start. */
  Child child() {
    Child started = child;
    if (started == null) {
      throw new IllegalStateException("no process of '" + guest + "' has been started yet");
    }
    return started;
  }

  void monitor(QmpClient client) {
    monitor = client;
  }

  /** The monitor, after the handshake. */
  public Optional<QmpClient> monitor() {
    return Optional.ofNullable(monitor);
  }

  QmpClient requiredMonitor() {
    return monitor()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.FAILED,
                "the plan of '" + guest + "' has no monitor handshake"));
  }

  /** Lets go of the descriptors; the command has its own. */
  @Override
  public void close() {
    open.values().forEach(descriptor -> descriptor.closer().run());
    open.clear();
  }
}
