package launcher.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Consumer;
import launcher.drivers.plan.Plan;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.guest.Running;
import launcher.engine.qemu.MemoryDump;
import launcher.engine.qemu.Processors;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;
import launcher.spawn.Argument;

/**
 * One guest. A handle: any number of them may stand for the same guest, and one stays usable when
 * the guest is redefined or renamed. Every act throws {@link EngineException} when it does not
 * happen.
 */
public final class Guest {
  private static final List<String> DUMP_FORMATS =
      List.of("elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp");

  private final GuestLife life;
  private final Guests guests;

  Guest(GuestLife life, Guests guests) {
    this.life = life;
    this.guests = guests;
  }

  /** Its name: any text, never a path. */
  public String name() {
    return life.definition().name();
  }

  /** Its UUID. */
  public String uuid() {
    return life.definition().uuid();
  }

  /** The number of its present run; none when it does not run. */
  public OptionalInt id() {
    return life.run().map(run -> OptionalInt.of(run.record().id())).orElse(OptionalInt.empty());
  }

  /** Its process; none when it does not run. */
  public OptionalInt pid() {
    return life.run().map(run -> OptionalInt.of(run.record().pid())).orElse(OptionalInt.empty());
  }

  /** What it does; never waits, not even for a guest that does not answer. */
  public GuestState state() {
    return life.state();
  }

  /** Whether its definition outlives the run. */
  public boolean persistent() {
    return life.definition().persistent();
  }

  /** Whether it starts with the host. */
  public boolean autostart() {
    var keeper = guests.foreign().of(life.definition());
    if (keeper.isPresent()) {
      return keeper.get().autostart(name());
    }
    return life.context().definitions().autostart(name());
  }

  /** Says whether it starts with the host. */
  public void autostart(boolean wanted) {
    if (!persistent()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + name() + "' is transient and cannot start with the host");
    }
    var keeper = guests.foreign().of(life.definition());
    if (keeper.isPresent()) {
      keeper.get().autostart(name(), wanted);
      return;
    }
    try {
      life.context().definitions().autostart(name(), wanted);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "autostart of guest '" + name() + "' cannot be written: " + EngineException.reason(e),
          e);
    }
  }

  /** Its XML. */
  public String xml(XmlView view) {
    return switch (view) {
      case LIVE ->
          XmlWriter.write(life.run().map(ActiveRun::live).orElse(life.definition().completed()));
      case INACTIVE -> XmlWriter.write(life.definition().completed());
      case AS_WRITTEN -> life.definition().written();
    };
  }

  /** Its XML as a tree of the caller's own. */
  public XmlElement tree(XmlView view) {
    return view == XmlView.LIVE
        ? life.run().map(ActiveRun::live).orElse(life.definition().completed()).copy()
        : life.definition().completed().copy();
  }

  /** What a start would do, step by step; nothing is done. */
  public Plan plan() {
    return life.launch(LaunchOptions.BOOT).plan();
  }

  /** Each argument of the command with the line of the user's XML it comes from. */
  public List<Argument> explain() {
    return plan().command().arguments();
  }

  /** The file its process writes to. */
  public Path log() {
    return life.run().map(run -> run.record().log()).orElseGet(() -> life.context().log(name()));
  }

  /** Starts it and returns when it runs, or waits paused. */
  public void start(StartOptions options) {
    start(options, progress -> {});
  }

  /** Starts it; a saved state comes back, with its progress told. */
  public void start(StartOptions options, Consumer<JobProgress> progress) {
    new GuestSaves(this).start(options, progress);
  }

  /**
   * How long each step of its present run's start took, in their order; none when it does not run,
   * or when an engine before this one started it.
   */
  public List<StartTiming> startTimings() {
    return life.run().map(ActiveRun::timings).orElse(List.of());
  }

  /** Whether a saved state waits for its next start. */
  public boolean hasManagedSave() {
    return new GuestSaves(this).waits();
  }

  /** Throws its saved state away. */
  public void removeManagedSave() {
    new GuestSaves(this).remove();
  }

  /**
   * Saves it to a file and ends it; when that fails it goes on as before.
   *
   * @param progress told a few times a second
   */
  public void save(Path file, Consumer<JobProgress> progress) {
    save(file, SaveOptions.AS_IT_IS, progress);
  }

  /** The same, in another way. */
  public void save(Path file, SaveOptions options, Consumer<JobProgress> progress) {
    new GuestSaves(this).save(file, options, progress);
  }

  /** Saves it so that its next start brings it back. */
  public void managedSave(Consumer<JobProgress> progress) {
    managedSave(SaveOptions.AS_IT_IS, progress);
  }

  /** The same, in another way. */
  public void managedSave(SaveOptions options, Consumer<JobProgress> progress) {
    new GuestSaves(this).saveManaged(options, progress);
  }

  /**
   * Its saved state, which its next start brings back.
   *
   * @throws EngineException when it has none
   */
  public SavedGuest managedSave() {
    return new GuestSaves(this).saved();
  }

  /** Brings it back from a file, which stays; it must have no saved state of its own. */
  public void restore(Path file, RestoreOptions options, Consumer<JobProgress> progress) {
    new GuestSaves(this).restore(file, options, progress);
  }

  /** Asks it to shut down; waits if told to. */
  public void shutdown(ShutdownOptions options) {
    new GuestEnd(this).shutdown(options);
  }

  /**
   * Ends its process.
   *
   * @param graceful never by force: its process may close its disks, and fails to end if it hangs
   */
  public void destroy(boolean graceful) {
    new GuestEnd(this).destroy(graceful);
  }

  /** Asks it to boot anew. */
  public void reboot(ShutdownMode mode) {
    life.act(
        "reboot",
        () -> {
          if (mode == ShutdownMode.AGENT) {
            agent().shutdown(true);
          } else {
            running().reboot(mode);
          }
        });
  }

  /** Presses its reset button. */
  public void reset() {
    life.act("reset", () -> running().reset());
  }

  /** Stops its processors; its memory stays. */
  public void suspend() {
    life.act("suspend", () -> running().suspend());
  }

  /** Lets its processors run again. */
  public void resume() {
    life.act("resume", () -> running().resume());
  }

  /**
   * Looks at its terminal.
   *
   * @param device alias such as {@code serial0}; empty for the first one
   * @param replay whether the last screen of its log comes first
   */
  public Console console(String device, boolean replay) {
    return running().console(life.running().live(), device, replay);
  }

  /** The pseudo terminal of its first serial port, empty where it has none. */
  public Optional<String> terminal() {
    return qemu().consoles().terminal(life.running().live());
  }

  /** Writes its memory into a file, as an ELF core; it goes on afterwards. */
  public void dump(Path file) {
    dump(file, MemoryDump.ELF);
  }

  /**
   * The same in another format.
   *
   * @param format such as {@code elf}, {@code kdump-zlib}, {@code kdump-lzo}, {@code kdump-snappy}
   *     or {@code win-dmp}
   */
  public void dump(Path file, String format) {
    if (!DUMP_FORMATS.contains(format)) {
      throw new EngineException(
          Kind.INVALID,
          "there is no format '" + format + "' of a dump: " + String.join(", ", DUMP_FORMATS));
    }
    life.act(
        "dump",
        () -> {
          Path core = file.toAbsolutePath();
          MemoryDump dump = new MemoryDump(name(), qemu().monitor());
          dump.write(core, format, use -> QemuHypervisor.lending(life, dump.monitor(), core, use));
        });
  }

  /** Its monitor, keyboard and screen. */
  public GuestMonitor monitor() {
    return new GuestMonitor(this, qemu());
  }

  /** Its devices and memory, while it runs. */
  public GuestDevices devices() {
    return new GuestDevices(this, qemu());
  }

  /** Its processors, while it runs. */
  public List<GuestProcessor> processors() {
    return GuestProcessor.of(pid().orElse(0), new Processors(name(), qemu()));
  }

  /** On which of the host's processors its threads may run. */
  public GuestThreads threads() {
    return new GuestThreads(this, guests);
  }

  /** Its I/O threads. */
  public GuestIoThreads ioThreads() {
    return new GuestIoThreads(this, guests);
  }

  /** The limits of its disks' traffic. */
  public GuestDiskLimits diskLimits() {
    return new GuestDiskLimits(this, guests);
  }

  /** Long work of its QEMU, and what became of it. */
  public GuestJobs jobs() {
    return new GuestJobs(this);
  }

  /** What its disks hold. */
  public List<DiskUse> diskUse() {
    return DiskUse.of(this);
  }

  /**
   * Makes one of its disks larger, or smaller while it runs.
   *
   * @param disk its target such as {@code vda}, or the path of its image
   * @param bytes the new size, a multiple of 512
   * @throws EngineException when a guest that is off would lose the end of a disk
   */
  public void resize(String disk, long bytes) {
    if (state().active()) {
      devices().resize(disk, bytes);
    } else {
      life.act("blockresize", () -> DiskUse.resize(this, disk, bytes));
    }
  }

  /** Its snapshots. */
  public GuestSnapshots snapshots() {
    return new GuestSnapshots(this, guests);
  }

  /** Long work on the images of its disks, while it runs. */
  public GuestBlockJobs blockJobs() {
    return new GuestBlockJobs(this, guests);
  }

  /** Changes of its definition, of its run, or of both. */
  public GuestChanges changes() {
    return new GuestChanges(this, guests);
  }

  /** What its network cards may carry. */
  public GuestTraffic traffic() {
    return new GuestTraffic(this);
  }

  /** What it may use of the host. */
  public GuestLimits limits() {
    return new GuestLimits(this, guests);
  }

  /** What it uses of the host. */
  public GuestUsage usage() {
    return new GuestUsage(this);
  }

  /** The agent inside it. */
  public GuestAgent agent() {
    Optional<QemuRunning> qemu =
        running() instanceof QemuRunning found ? Optional.of(found) : Optional.empty();
    return new GuestAgent(name(), life.running().live(), qemu);
  }

  /** Its numbers under virsh's names; what needs an answer is left out when it does not answer. */
  public SequencedMap<String, Object> statistics() {
    return statistics(StatisticsWish.USUAL);
  }

  /** The same, and what else is wished. */
  public SequencedMap<String, Object> statistics(StatisticsWish wish) {
    return GuestStatistics.of(this, wish);
  }

  GuestLife life() {
    return life;
  }

  /** Whether something else than launcher keeps it, and starts it with the host. */
  boolean foreign() {
    return guests.foreign().of(life.definition()).isPresent();
  }

  QemuRunning qemu() {
    if (running() instanceof QemuRunning qemu) {
      return qemu;
    }
    throw new EngineException(Kind.INVALID, "guest '" + name() + "' is no QEMU guest");
  }

  private Running running() {
    return life.running().running();
  }

  /**
   * The processor that it has on this host where its definition says {@code host-model}: as a
   * {@code <cpu>} with a model's name; empty where the definition says it itself.
   */
  public Optional<XmlElement> processorOfHost() {
    return ProcessorOfHost.of(this);
  }

  /** What is being done to it, such as {@code save}; empty when nothing is. */
  public String busy() {
    return life.busy();
  }

  /**
   * Refuses one that does not run.
   *
   * @throws EngineException when it does not
   */
  public void requireRunning() {
    life.running();
  }

  /**
   * Sends a signal to a container's first process.
   *
   * @param process as the container numbers it; only 1, as in libvirt
   * @param signal its number
   */
  public void signal(long process, int signal) {
    life.act("send-process-signal", () -> GuestSignals.send(this, process, signal));
  }

  /** Waits for its end; true when it has ended in time. */
  public boolean awaitEnd(Duration patience) {
    return life.run().map(run -> new GuestEnd(this).comes(run.over(), patience)).orElse(true);
  }

  /** Gives it another name; it must not run, and have no saved state. */
  public void rename(String name) {
    life.act("rename", () -> guests.rename(life, name));
  }

  /** Forgets its definition; when it runs, it runs on and is gone when it ends. */
  public void undefine(UndefineOptions options) {
    life.act("undefine", () -> guests.undefine(life, options));
  }
}
