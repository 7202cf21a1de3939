package launcher.engine.guest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import launcher.drivers.plan.Step;
import launcher.engine.StartTiming;
import launcher.engine.host.ProcessHold;
import launcher.engine.isolation.StepMemory;
import launcher.engine.run.DeviceMove;
import launcher.engine.run.DiskJob;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import org.jspecify.annotations.Nullable;

/** One run of a guest, from the moment its process runs until everything of it is taken back. */
public final class ActiveRun {
  private final EngineContext context;
  private final ProcessHold process;
  private final CompletableFuture<String> over = new CompletableFuture<>();
  private final long known = System.nanoTime();
  private volatile RunRecord record;
  private volatile XmlElement live;
  private volatile @Nullable Running running;
  private volatile @Nullable String endReason;
  private volatile List<StartTiming> timings = List.of();
  private final Map<String, String> jobFailures = new ConcurrentHashMap<>();
  private boolean forgotten;

  /** A run that has begun. */
  public ActiveRun(EngineContext context, RunRecord record, XmlElement live, ProcessHold process) {
    this.context = context;
    this.record = record;
    this.live = live;
    this.process = process;
  }

  /** What is remembered of it on disk. */
  public RunRecord record() {
    return record;
  }

  /** Changes what is remembered and writes it; of a run that is over the record stays gone. */
  private synchronized void change(UnaryOperator<RunRecord> how) {
    record = how.apply(record);
    if (!forgotten) {
      context.save(record);
    }
  }

  /** Remembers that its guest has another name, or outlives the run now, or no more. */
  void known(Definition changed) {
    change(now -> now.known(changed.name(), changed.persistent()));
  }

  /** Remembers that a save or a restore is under way, or over. */
  public void job(Optional<RunRecord.Job> job) {
    change(now -> now.job(job));
  }

  /** Remembers a step that lasts as long as the run; before it is taken. */
  public void hold(Step step) {
    change(now -> now.holding(step));
  }

  /** Remembers that a device is on its way, before QEMU is told. */
  public void moving(DeviceMove move) {
    change(now -> now.moving(move));
  }

  /** The device of an alias has come, or gone, or stays. */
  public void settled(String alias) {
    if (record.moves().stream().anyMatch(move -> move.alias().equals(alias))) {
      change(now -> now.settled(alias));
    }
  }

  /** Remembers a job on a disk, before QEMU is told; or what it was told since. */
  public void working(DiskJob job) {
    change(now -> now.working(job));
  }

  /** A job on a disk is over. */
  public void worked(String id) {
    change(now -> now.worked(id));
  }

  /** What is written down of its steps, for what is done while it runs. */
  public StepMemory steps() {
    return new StepMemory() {
      @Override
      public List<Step> steps() {
        return record.steps();
      }

      @Override
      public void change(UnaryOperator<List<Step>> how) {
        ActiveRun.this.change(now -> now.with(how.apply(now.steps())));
      }
    };
  }

  /** The record goes for good. */
  synchronized void forget(Runnable removing) {
    forgotten = true;
    removing.run();
  }

  /** The definition as it runs; never changed, only replaced. */
  public XmlElement live() {
    return live;
  }

  /** Replaces the live definition, in memory and on disk. */
  public synchronized void live(XmlElement changed) {
    live = changed;
    if (!forgotten) {
      context.saveLive(record, changed);
    }
  }

  /** Its process. */
  public ProcessHold process() {
    return process;
  }

  /** The talk with it. */
  public Running running() {
    Running attached = running;
    if (attached == null) {
      throw new IllegalStateException("not attached yet");
    }
    return attached;
  }

  boolean attached() {
    return running != null;
  }

  void attach(Running attached) {
    running = attached;
  }

  /** How long each step of its start took; empty when another engine started it. */
  public List<StartTiming> timings() {
    return timings;
  }

  void timings(List<StartTiming> taken) {
    timings = taken;
  }

  /** Remembers why a job on a disk failed, for who waits for it. */
  public void jobFailed(String id, String why) {
    jobFailures.put(id, why);
  }

  /** Why a job on a disk failed; told once. */
  public Optional<String> jobFailure(String id) {
    return Optional.ofNullable(jobFailures.remove(id));
  }

  /** How long its process has lived, by a clock that nobody sets. */
  Duration lasted() {
    return ProcessIdentity.age(record.birth())
        .orElseGet(() -> Duration.ofNanos(System.nanoTime() - known));
  }

  /** Completed with the reason when everything of it is taken back. */
  public CompletableFuture<String> over() {
    return over;
  }

  /** Why it ends; the first who knows says it. */
  public void endsFor(String reason) {
    if (endReason == null) {
      endReason = reason;
    }
  }

  /** Why it ended; a process that ends unasked has crashed. */
  String endReason() {
    String known = endReason;
    return known == null ? "crashed" : known;
  }
}
