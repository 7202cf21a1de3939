package launcher.engine.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.ShutdownMode;
import launcher.engine.guest.ProcessHold;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.InitProcess;
import launcher.engine.host.ProcessDescriptor;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import launcher.spawn.Signal;
import launcher.spawn.Spawner;
import launcher.spawn.libc.Calls;

/**
 * A running container. Its state is asked of the kernel each time, which knows it best: whether its
 * first process lives, and whether its control group is frozen.
 */
public final class ContainerRunning implements Running {
  private static final Duration LISTENS = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(10);

  private final RunRecord record;
  private final RunListener listener;
  private final ContainerConsoles consoles;
  private final InitWatch watch;
  private volatile boolean leaving;

  ContainerRunning(RunRecord record, XmlElement live, Spawner spawner, RunListener listener) {
    this.record = record;
    this.listener = listener;
    consoles = new ContainerConsoles(record, spawner);
    watch = new InitWatch(record, live, listener);
  }

  @Override
  public GuestState state() {
    boolean frozen = freezer().map(ControlGroups::frozen).orElse(false);
    if (frozen) {
      return new GuestState(Phase.PAUSED, "user");
    }
    return leaving
        ? new GuestState(Phase.IN_SHUTDOWN, "user")
        : new GuestState(Phase.RUNNING, record.reason());
  }

  @Override
  public boolean settled(Duration patience) {
    return true;
  }

  private Optional<Path> freezer() {
    return InitProcess.of(record.pid()).flatMap(init -> ControlGroups.of(init, "freezer"));
  }

  @Override
  public void suspend() {
    freeze(true);
  }

  @Override
  public void resume() {
    freeze(false);
  }

  private void freeze(boolean stop) {
    Path folder = freezer().orElseThrow(() -> failed("its first process has no control group"));
    try {
      ControlGroups.freeze(folder, stop);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
    listener.state(state());
  }

  @Override
  public void reset() {
    throw new EngineException(
        Kind.INVALID,
        "container '" + record.name() + "' has no reset button: destroy and start it");
  }

  @Override
  public void shutdown(ShutdownMode mode) {
    tell(mode, InitSignal.SHUTDOWN);
    leaving = true;
    listener.state(state());
  }

  @Override
  public void reboot(ShutdownMode mode) {
    tell(mode, InitSignal.REBOOT);
  }

  private void tell(ShutdownMode mode, InitSignal wish) {
    if (mode == ShutdownMode.ACPI || mode == ShutdownMode.AGENT) {
      throw new EngineException(
          Kind.INVALID, "a container has no power button and no agent: use the mode 'signal'");
    }
    if (state().phase() == Phase.PAUSED) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "container '" + record.name() + "' is paused and hears nothing: resume or destroy it");
    }
    try (ProcessDescriptor process = ProcessDescriptor.of(init())) {
      process.signal(heeded(process, wish));
    } catch (Calls.CallException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  /** A container that has just begun needs a moment until its first process listens. */
  private int heeded(ProcessDescriptor init, InitSignal wish) throws Calls.CallException {
    long deadline = System.nanoTime() + LISTENS.toNanos();
    OptionalInt signal = wish.heededBy(init.pid());
    while (signal.isEmpty() && System.nanoTime() < deadline && !init.await(LOOK)) {
      signal = wish.heededBy(init.pid());
    }
    return signal.orElseThrow(() ->
        failed(
            "its first process heeds no signal for it: destroy it, or let it catch "
                + wish.words()));
  }

  private int init() {
    return InitProcess.of(record.pid()).orElseThrow(() -> failed("its first process has ended"));
  }

  private EngineException failed(String reason) {
    return new EngineException(Kind.FAILED, "container '" + record.name() + "': " + reason);
  }

  @Override
  public Console console(XmlElement live, String device, boolean replay) {
    return consoles.open(live, device, replay);
  }

  /** With its first process the whole container ends, and LXC tidies up and ends too. */
  @Override
  public void end(ProcessHold process) {
    Optional<Integer> init = InitProcess.of(record.pid());
    Optional<Path> freezer = freezer();
    if (init.isEmpty()) {
      process.signal(Signal.KILL);
      return;
    }
    try (ProcessDescriptor first = ProcessDescriptor.of(init.get())) {
      first.signal(Signal.KILL.number());
      if (freezer.isPresent() && ControlGroups.frozen(freezer.get())) {
        ControlGroups.freeze(freezer.get(), false);
      }
    } catch (IOException e) {
      process.signal(Signal.KILL);
    }
  }

  @Override
  public void detach() {
    consoles.close();
    watch.close();
  }
}
