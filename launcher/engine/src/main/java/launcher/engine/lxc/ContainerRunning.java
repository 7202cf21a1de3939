package launcher.engine.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import launcher.drivers.plan.ContainerStep;
import launcher.drivers.plan.Step;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestLimit;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.ShutdownMode;
import launcher.engine.group.ResourceGroup;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.InitProcess;
import launcher.engine.host.ProcessDescriptor;
import launcher.engine.host.ProcessHold;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import launcher.spawn.Signal;
import launcher.spawn.Spawner;

/**
 * A running container. Its state is asked of the kernel each time, which knows it best: whether its
 * first process lives, and whether its control group is frozen.
 */
public final class ContainerRunning implements Running {
  private static final Duration LISTENS = Duration.ofSeconds(5);

  /** Where nobody sees whether it listens. */
  private static final Duration UNSEEN = Duration.ofSeconds(1);

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
    return group().flatMap(group -> group.folder("freezer"));
  }

  private Optional<ResourceGroup> group() {
    return InitProcess.of(record.pid()).map(ResourceGroup::ofContainer);
  }

  /** What it uses of processors and processes, under virsh's names; nothing once it has ended. */
  public SequencedMap<String, Long> statistics() {
    return group().map(ResourceGroup::statistics).orElseGet(LinkedHashMap::new);
  }

  /** What it uses of memory, in KiB, under virsh's names; nothing once it has ended. */
  public SequencedMap<String, Long> memory() {
    return group().map(ResourceGroup::memory).orElseGet(LinkedHashMap::new);
  }

  /** Its limits as they are now, those that this host has; memory in KiB, -1 for no limit. */
  public SequencedMap<GuestLimit, Long> limits() {
    return group().orElseThrow(() -> failed("its first process has ended")).limits();
  }

  /** Changes a limit; memory in KiB, -1 for no limit. */
  public void limit(GuestLimit limit, long value) {
    ResourceGroup group = group().orElseThrow(() -> failed("its first process has ended"));
    try {
      group.limit(limit, value);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
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
          Kind.INVALID,
          "a container has no power button and no agent: use the mode 'signal' or 'initctl'");
    }
    if (state().phase() == Phase.PAUSED) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "container '" + record.name() + "' is paused and hears nothing: resume or destroy it");
    }
    try (ProcessDescriptor process = ProcessDescriptor.of(init())) {
      if (!told(process, mode, wish)) {
        throw failed(
            mode == ShutdownMode.INITCTL
                ? "it has no '/run/initctl' that anyone reads: use the mode 'signal'"
                : "its first process heeds no signal for it: destroy it, or let it catch "
                    + wish.words());
      }
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  /** A container that has just begun needs a moment until its first process listens. */
  private static boolean told(ProcessDescriptor init, ShutdownMode mode, InitSignal wish)
      throws IOException {
    boolean seen = InitProcess.seen(init.pid());
    long deadline = System.nanoTime() + (seen ? LISTENS : UNSEEN).toNanos();
    do {
      OptionalInt signal =
          mode == ShutdownMode.INITCTL ? OptionalInt.empty() : wish.heededBy(init.pid());
      if (signal.isPresent()) {
        init.signal(signal.getAsInt());
        return true;
      }
      if (mode != ShutdownMode.SIGNAL && InitPipe.tell(init.pid(), wish.level())) {
        return true;
      }
    } while (System.nanoTime() < deadline && !init.await(LOOK));
    if (!seen && mode != ShutdownMode.INITCTL) {
      // number 1 is not ended by a signal that it does not heed
      init.signal(wish.usual());
      return true;
    }
    return false;
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

  /** A container's own power-off or crash; never what was asked of it from outside. */
  @Override
  public boolean beginsAgain(XmlElement live, String reason) {
    return switch (reason) {
      case "shutdown" -> !leaving && live.value("on_poweroff", "destroy").equals("restart");
      case "crashed" -> live.value("on_crash", "destroy").equals("restart");
      default -> false;
    };
  }

  /** With its first process the whole container ends, and LXC tidies up and ends too. */
  @Override
  public void end(ProcessHold process) {
    Optional<Integer> init = InitProcess.of(record.pid());
    if (init.isEmpty()) {
      process.signal(Signal.KILL);
      return;
    }
    try (ProcessDescriptor first = ProcessDescriptor.of(init.get())) {
      first.signal(Signal.KILL.number());
      for (Step step : record.steps()) {
        if (step instanceof ContainerStep.ControlGroup(String group, Path _)) {
          // suspended, or frozen by itself in parts: a frozen process does not end
          ControlGroups.thaw(group);
        }
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
