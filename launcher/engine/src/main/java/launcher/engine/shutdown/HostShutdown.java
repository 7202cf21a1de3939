package launcher.engine.shutdown;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Folders;

/**
 * The guests' fate when this host goes down and comes back: what {@code launcher guests} and the
 * daemon's inhibitor call.
 *
 * <p>One suspend or resume at a time; a second caller waits and finds nothing left to do.
 */
public final class HostShutdown {
  private final Folders folders;
  private final GuestActs acts;
  private final Rivals rivals;
  private final SuspendRecord record;
  private final HostResume.Delay delay;

  /**
   * @param folders of the policy, the record and the saved guests
   * @param acts does things to guests
   * @param rivals who else manages guests
   * @param delay waits between two starts
   */
  public HostShutdown(Folders folders, GuestActs acts, Rivals rivals, HostResume.Delay delay) {
    this.folders = folders;
    this.acts = acts;
    this.rivals = rivals;
    this.record = new SuspendRecord(folders.state().resolve("shutdown"));
    this.delay = delay;
  }

  /** That of an engine's guests on this host. */
  public static HostShutdown of(Engine engine) {
    return new HostShutdown(
        engine.folders(),
        new EngineActs(engine),
        new Rivals(Path.of("/")),
        time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
  }

  /**
   * What a suspend would do now.
   *
   * @param plan who, in which order, how
   * @param policy the host's policy
   * @param bytesNeeded for the memory of the guests that would be saved, at most
   * @param bytesThere what the file system of the saved guests has left
   * @param pending guests of an earlier suspend that have not come back
   */
  public record Status(
      SuspendPlan plan,
      HostPolicy policy,
      long bytesNeeded,
      long bytesThere,
      List<SuspendRecord.Entry> pending) {
    public Status {
      pending = List.copyOf(pending);
    }

    /** Whether every guest that would be saved finds room, were all its memory written. */
    public boolean hasRoom() {
      return bytesThere >= bytesNeeded;
    }
  }

  /** What a suspend would do now; nothing is touched. */
  public Status status() {
    HostPolicy policy = policy();
    SuspendPlan plan = plan(policy);
    long needed =
        plan.guests().stream()
            .filter(p -> p.ladder().rungs().getFirst().act() == Act.SAVE)
            .mapToLong(p -> p.guest().memoryKib() * 1024)
            .sum();
    return new Status(plan, policy, needed, room(), record.pending());
  }

  /** Suspends every guest that the policy touches. */
  public synchronized List<Outcome> suspend(Progress progress) throws InterruptedException {
    HostPolicy policy = policy();
    return new HostSuspend(acts, record, policy, progress).run(plan(policy));
  }

  /** Brings back what a suspend took away. */
  public synchronized List<Outcome> resume(Progress progress) throws InterruptedException {
    return new HostResume(acts, record, policy(), progress, delay).run();
  }

  private HostPolicy policy() {
    return PolicyFile.read(folders.configuration().resolve(PolicyFile.NAME));
  }

  private SuspendPlan plan(HostPolicy policy) {
    Map<String, String> managed = managedByOthers();
    List<Candidate> ours = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (Candidate guest : acts.running()) {
      String rival = managed.get(guest.uuid());
      if (rival == null) {
        ours.add(guest);
      } else {
        remarks.add("'" + guest.name() + "' is left to " + rival);
      }
    }
    SuspendPlan plan = SuspendPlan.of(ours, policy);
    remarks.addAll(plan.remarks());
    return new SuspendPlan(plan.guests(), remarks);
  }

  private Map<String, String> managedByOthers() {
    try {
      return rivals.managed();
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "Cannot tell whether others manage the guests at shutdown: " + e.getMessage(),
          e);
    }
  }

  private long room() {
    try {
      Path folder = folders.state();
      while (!Files.isDirectory(folder) && folder.getParent() != null) {
        folder = folder.getParent();
      }
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tell how much room '" + folders.state() + "' has", e);
    }
  }
}
