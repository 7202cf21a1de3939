package launcher.engine.shutdown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import org.jspecify.annotations.Nullable;

/**
 * The guests' fate when this host goes down and comes back: what {@code launcher guests} and the
 * daemon call.
 *
 * <p>One suspend or resume at a time. Who asks for what is under way already follows it: logind's
 * signal, systemd's {@code ExecStop} and the end of the daemon are three messengers of one event.
 */
public final class HostShutdown {
  private enum Kind {
    SUSPEND,
    RESUME
  }

  /** What is under way, who follows it, and its end. */
  private record Run(
      Kind kind,
      Audience audience,
      CompletableFuture<List<Outcome>> outcomes,
      Duration limit,
      AtomicBoolean enough) {}

  /** No limit beside the policy's budget. */
  private static final Duration UNLIMITED = Duration.ofDays(365);

  private final Folders folders;
  private final GuestActs acts;
  private final Rivals rivals;
  private final SuspendRecord record;
  private final HostSession session;
  private final HostResume.Delay delay;
  private final Consumer<String> log;
  private @Nullable Run current;

  /**
   * What others claimed when this shutdown began: a rival that has done its part is no longer there
   * to be seen, and its guest is still not ours.
   */
  private volatile List<Rivals.Claim> claimed = List.of();

  /**
   * @param folders of the policy, the record and the saved guests
   * @param acts does things to guests
   * @param rivals who else manages guests
   * @param delay waits between two starts
   * @param log what became of each guest, a line each
   */
  public HostShutdown(
      Folders folders,
      GuestActs acts,
      Rivals rivals,
      HostResume.Delay delay,
      Consumer<String> log) {
    this.folders = folders;
    this.acts = acts;
    this.rivals = rivals;
    this.record = new SuspendRecord(folders.state().resolve("shutdown"));
    this.session = HostSession.of(folders.runtime());
    this.delay = delay;
    this.log = log;
  }

  /** That of an engine's guests on this host. */
  public static HostShutdown of(Engine engine, Consumer<String> log) {
    return new HostShutdown(
        engine.folders(),
        new EngineActs(engine),
        new Rivals(Path.of("/"), engine.bus()),
        time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()),
        log);
  }

  /** Sets room aside for the record, see {@link SuspendRecord#reserve}. */
  public void prepare() {
    record.reserve();
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
    List<String> remarks = new ArrayList<>();
    HostPolicy policy = policy(remarks);
    SuspendPlan plan = plan(policy, claims(remarks), remarks);
    long needed = plan.guests().stream().mapToLong(SuspendPlan.Planned::bytesNeeded).sum();
    return new Status(plan, policy, needed, room(), record.pending());
  }

  /** Suspends every guest that the policy touches. */
  public List<Outcome> suspend(Progress progress) throws InterruptedException {
    return suspend(progress, UNLIMITED);
  }

  /**
   * Suspends what can be suspended in a time that is not ours to choose.
   *
   * @param limit after which the host stops whatever is under way
   */
  public List<Outcome> suspend(Progress progress, Duration limit) throws InterruptedException {
    return follow(Kind.SUSPEND, progress, limit);
  }

  /** Brings back what a suspend took away. */
  public List<Outcome> resume(Progress progress) throws InterruptedException {
    return follow(Kind.RESUME, progress, UNLIMITED);
  }

  /** What the host's policy wants between two starts at its boot. */
  public Duration startDelay() {
    return policy(new ArrayList<>()).startDelay();
  }

  /** Whether guests of an earlier suspend wait to be brought back. */
  public boolean hasPending() {
    return !record.pending().isEmpty();
  }

  /** Whether guests are being suspended now. */
  public synchronized boolean suspends() {
    return current != null && current.kind() == Kind.SUSPEND;
  }

  private List<Outcome> follow(Kind kind, Progress progress, Duration limit)
      throws InterruptedException {
    while (true) {
      Run run = beginOrFind(kind, progress, limit);
      try {
        List<Outcome> outcomes = run.outcomes().get();
        if (run.kind() == kind) {
          return outcomes;
        }
      } catch (ExecutionException e) {
        if (run.kind() == kind) {
          throw e.getCause() instanceof RuntimeException reason
              ? reason
              : new EngineException(EngineException.Kind.FAILED, String.valueOf(e.getCause()), e);
        }
      }
    }
  }

  private synchronized Run beginOrFind(Kind kind, Progress progress, Duration limit) {
    Run run = current;
    if (run == null) {
      Run begun =
          new Run(kind, new Audience(log), new CompletableFuture<>(), limit, new AtomicBoolean());
      begun.audience().add(progress);
      current = begun;
      // on a thread of its own: who asked may go away, and the guests' safety does not depend on it
      Thread.ofPlatform()
          .name("host " + kind.name().toLowerCase(Locale.ROOT))
          .start(() -> carryOut(begun));
      return begun;
    }
    if (run.kind() == kind) {
      run.audience().add(progress);
    } else if (kind == Kind.SUSPEND) {
      run.enough().set(true);
    }
    return run;
  }

  private void carryOut(Run run) {
    try {
      List<Outcome> outcomes =
          switch (run.kind()) {
            case SUSPEND -> suspendNow(run.audience(), run.limit());
            case RESUME -> resumeNow(run.audience(), run.enough());
          };
      over();
      run.outcomes().complete(outcomes);
    } catch (InterruptedException | RuntimeException e) {
      over();
      run.outcomes().completeExceptionally(e);
    }
  }

  private synchronized void over() {
    current = null;
  }

  private List<Outcome> suspendNow(Progress progress, Duration limit) throws InterruptedException {
    List<String> remarks = new ArrayList<>();
    HostPolicy policy = policy(remarks).within(limit);
    claimed = allClaims(remarks);
    SuspendPlan plan = plan(policy, claimed, remarks);
    return new HostSuspend(acts, record, policy, session.id(), progress).run(plan);
  }

  private List<Outcome> resumeNow(Progress progress, AtomicBoolean enough)
      throws InterruptedException {
    List<String> remarks = new ArrayList<>();
    HostPolicy policy = policy(remarks);
    remarks.forEach(progress::told);
    claimed = List.of();
    return new HostResume(acts, record, policy, session.id(), progress, delay, enough::get).run();
  }

  /** A mistake in a file must not lose a guest: the usual policy holds then, and that is said. */
  private HostPolicy policy(List<String> remarks) {
    try {
      return PolicyFile.read(folders.configuration().resolve(PolicyFile.NAME));
    } catch (EngineException e) {
      String.valueOf(e.getMessage()).lines().forEach(remarks::add);
      remarks.add("the usual policy holds until '" + PolicyFile.NAME + "' is mended");
      return HostPolicy.USUAL;
    }
  }

  private SuspendPlan plan(HostPolicy policy, List<Rivals.Claim> claims, List<String> remarks) {
    List<Candidate> ours = new ArrayList<>();
    for (Candidate guest : acts.running()) {
      Optional<Rivals.Claim> rival = claims.stream().filter(c -> c.covers(guest)).findFirst();
      rival.ifPresentOrElse(
          claim -> remarks.add("'" + guest.name() + "' is left to " + claim.by()),
          () -> ours.add(record.asItWas(guest, session.id())));
    }
    SuspendPlan plan = SuspendPlan.of(ours, policy);
    remarks.addAll(plan.remarks());
    return new SuspendPlan(plan.guests(), remarks);
  }

  private List<Rivals.Claim> allClaims(List<String> remarks) {
    List<Rivals.Claim> all = new ArrayList<>(claims(remarks));
    all.addAll(claimed);
    return all;
  }

  private List<Rivals.Claim> claims(List<String> remarks) {
    try {
      return rivals.claims();
    } catch (IOException | RuntimeException e) {
      remarks.add(
          "it cannot be told whether others manage guests at shutdown: "
              + e.getMessage()
              + ", ignoring");
      return List.of();
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
      throw new EngineException(
          EngineException.Kind.FAILED,
          "Cannot tell how much room '" + folders.state() + "' has: " + e.getMessage(),
          e);
    }
  }
}
