package launcher.engine.shutdown;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.GuestState;
import launcher.engine.JobProgress;
import launcher.engine.SaveOptions;
import launcher.engine.ShutdownMode;
import launcher.engine.ShutdownOptions;
import launcher.engine.StartOptions;
import launcher.engine.XmlView;
import launcher.schemas.XmlElement;

/**
 * The engine's guests, as the host's shutdown sees them.
 *
 * @param engine whose guests
 */
public record EngineActs(Engine engine) implements GuestActs {
  private static final Logger LOG = Logger.getLogger("launcher.engine");

  /** What a cancelled save may take to leave the guest as it was. */
  private static final Duration CANCEL = Duration.ofSeconds(20);

  /** How long the service manager may hear nothing of a restore that gets on. */
  private static final Duration STILL = Duration.ofMinutes(1);

  @Override
  public List<Candidate> running() {
    List<Candidate> candidates = new ArrayList<>();
    for (Guest guest : engine.guests().list()) {
      if (guest.state().active()) {
        candidates.add(candidate(guest));
      }
    }
    return candidates;
  }

  /** A guest with its policy, whether it runs or is to. */
  public static Candidate candidate(Guest guest) {
    XmlElement domain = guest.tree(XmlView.LIVE);
    boolean container = isContainer(domain);
    return new Candidate(
        guest.uuid(),
        guest.name(),
        container ? Candidate.Kind.CONTAINER : Candidate.Kind.VIRTUAL_MACHINE,
        guest.state().phase() == GuestState.Phase.PAUSED,
        guest.persistent(),
        memoryKib(domain),
        policy(guest, domain));
  }

  /** Completion writes KiB; what is odd takes nothing, and is saved all the same. */
  private static long memoryKib(XmlElement domain) {
    try {
      return domain.value("memory").map(String::strip).map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException odd) {
      return 0;
    }
  }

  private static boolean isContainer(XmlElement domain) {
    String type = domain.attribute("type", "");
    return type.equals("lxc") || type.equals("openvz");
  }

  /**
   * A policy with a mistake in it must not keep the guest from being saved: the host's is taken.
   */
  private static GuestPolicy policy(Guest guest, XmlElement domain) {
    try {
      return GuestPolicy.of(domain);
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "guest ''{0}'': {1}, ignoring",
          new Object[] {guest.name(), e.getMessage()});
      return GuestPolicy.NONE;
    }
  }

  @Override
  public void save(Candidate guest, boolean bypassCache, Duration within) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Guest saved = get(guest.uuid());
    Deadline deadline = Deadline.in(within);
    Thread.ofVirtual()
        .name("save " + guest.name())
        .start(() -> {
          try {
            saved.managedSave(
                new SaveOptions(bypassCache, Optional.empty(), Optional.empty()),
                _ -> refuseAfter(deadline, within));
            done.complete(null);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.get(within.plus(CANCEL).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // not even its cancelling came to an end: a disk that hangs, or a guest that is held by
      // another act
      throw new EngineException(EngineException.Kind.TIMEOUT, notWithin(within), e);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(EngineException.Kind.FAILED, "interrupted while saving", e);
    }
  }

  /** Thrown into the save, which then cancels it and lets the guest go on. */
  private static void refuseAfter(Deadline deadline, Duration within) {
    if (deadline.isOver()) {
      throw new EngineException(EngineException.Kind.TIMEOUT, notWithin(within));
    }
  }

  private static String notWithin(Duration within) {
    return "not saved within " + within.toSeconds() + " s";
  }

  private static EngineException failure(ExecutionException e) {
    return e.getCause() instanceof EngineException reason
        ? reason
        : new EngineException(EngineException.Kind.FAILED, String.valueOf(e.getCause()), e);
  }

  @Override
  public void shutDown(Candidate guest, Act act, Duration within) {
    boolean container = guest.kind() == Candidate.Kind.CONTAINER;
    Guest asked = get(guest.uuid());
    if (container && asked.state().phase() == GuestState.Phase.PAUSED) {
      asked.resume(); // what is frozen hears no signal
    }
    ShutdownMode mode =
        container ? ShutdownMode.SIGNAL : act == Act.AGENT ? ShutdownMode.AGENT : ShutdownMode.ACPI;
    asked.shutdown(new ShutdownOptions(mode, Optional.of(within), false));
  }

  @Override
  public void powerOff(Candidate guest) {
    get(guest.uuid()).destroy(false);
  }

  @Override
  public boolean isDefined(String uuid) {
    return engine.guests().find(uuid).filter(Guest::persistent).isPresent();
  }

  @Override
  public boolean isActive(String uuid) {
    return engine.guests().find(uuid).filter(g -> g.state().active()).isPresent();
  }

  @Override
  public boolean hasSavedState(String uuid) {
    return engine.guests().find(uuid).filter(Guest::hasManagedSave).isPresent();
  }

  @Override
  public GuestPolicy policy(String uuid) {
    return engine
        .guests()
        .find(uuid)
        .map(guest -> policy(guest, guest.tree(XmlView.INACTIVE)))
        .orElse(GuestPolicy.NONE);
  }

  @Override
  public void start(String uuid, boolean paused, Progress progress) {
    Guest guest = get(uuid);
    if (!isContainer(guest.tree(XmlView.INACTIVE))) {
      guest.start(new StartOptions(paused, false), stillComing(progress));
      boolean stands = guest.state().phase() == GuestState.Phase.PAUSED;
      if (!paused && stands && guest.state().reason().equals("user")) {
        guest.resume(); // it was asked to shut down, or was stopped, when it was saved
      }
      return;
    }
    guest.start(new StartOptions(false, false));
    if (paused) {
      guest.suspend();
    }
  }

  /** As long as bytes move, a restore is no hang. */
  private static Consumer<JobProgress> stillComing(Progress progress) {
    AtomicLong last = new AtomicLong(-1);
    return job -> {
      if (last.getAndSet(job.done()) != job.done()) {
        progress.needs(STILL);
      }
    };
  }

  @Override
  public void syncTime(String uuid) {
    get(uuid).agent().time(Instant.now());
  }

  private Guest get(String uuid) {
    return engine.guests().get(uuid);
  }
}
