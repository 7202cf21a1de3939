package launcher.engine.guest;

import java.util.concurrent.CompletableFuture;
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

  ActiveRun(RunRecord record, XmlElement live, ProcessHold process) {
    this.record = record;
    this.live = live;
    this.process = process;
  }

  /** What is remembered of it on disk. */
  public RunRecord record() {
    return record;
  }

  void record(RunRecord changed) {
    record = changed;
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
