package launcher.engine;

import java.util.OptionalLong;
import java.util.SequencedMap;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Running;
import launcher.engine.lxc.ContainerRunning;
import launcher.engine.openvz.OpenVzRunning;
import launcher.engine.run.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/** What a running guest uses of the host: a container by its control group. */
public final class GuestUsage {
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  private final Guest guest;

  GuestUsage(Guest guest) {
    this.guest = guest;
  }

  /** Processor time in nanoseconds, none when it does not run. */
  public OptionalLong processorTime() {
    return guest.life().run().map(GuestUsage::time).orElse(OptionalLong.empty());
  }

  private static OptionalLong time(ActiveRun run) {
    if (run.running() instanceof ContainerRunning container) {
      Long nanoseconds = container.statistics().get("cpu.time");
      return nanoseconds == null ? OptionalLong.empty() : OptionalLong.of(nanoseconds);
    }
    if (run.running() instanceof OpenVzRunning container) {
      return container.processorTime();
    }
    return ProcessIdentity.of(run.record().pid())
        .map(process -> OptionalLong.of(process.ticks() * NANOSECONDS_PER_TICK))
        .orElse(OptionalLong.empty());
  }

  /**
   * Memory that a container has in use, in KiB; none for others, which use what they were given.
   */
  public OptionalLong usedMemory() {
    Long kib = container() == null ? null : memory().get("actual");
    return kib == null ? OptionalLong.empty() : OptionalLong.of(kib);
  }

  /** Its memory under virsh's names ({@code dommemstat}), in KiB. */
  public SequencedMap<String, Long> memory() {
    ContainerRunning container = container();
    return container == null ? guest.devices().memoryStatistics() : container.memory();
  }

  private @Nullable ContainerRunning container() {
    Running running = guest.life().run().map(ActiveRun::running).orElse(null);
    return running instanceof ContainerRunning container ? container : null;
  }
}
