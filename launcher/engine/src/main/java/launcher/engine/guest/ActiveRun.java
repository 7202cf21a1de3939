package launcher.engine.guest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import launcher.engine.StartTiming;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import org.jspecify.annotations.Nullable;

/** One run of a guest, from the moment its process runs until everything of it is taken back. */
public final class ActiveRun {
  private final ProcessHold process;
  private final CompletableFuture<String> over = new CompletableFuture<>();
  private volatile RunRecord record;
  private volatile XmlElement live;
  private volatile @Nullable Running running;
  private volatile @Nullable String endReason;
  private volatile List<StartTiming> timings = List.of();
  private final Map<String, String> jobFailures = new ConcurrentHashMap<>();
  private boolean forgotten;

  /** A run that has begun. */
  public ActiveRun(RunRecord record, XmlElement live, ProcessHold process) {
    this.record = record;
    this.live = live;
    this.process = process;
  }

  /** What is remembered of it on disk. */
  public RunRecord record() {
    return record;
  }

  /** Changes what is remembered and writes it; of a run that is over the record stays gone. */
  synchronized void change(UnaryOperator<RunRecord> how, Consumer<RunRecord> writer) {
    record = how.apply(record);
    ifRemembered(() -> writer.accept(record));
  }

  /** Writes something beside the record, as long as there is one. */
  synchronized void ifRemembered(Runnable writing) {
    if (!forgotten) {
      writing.run();
    }
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

  void live(XmlElement changed) {
    live = changed;
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
