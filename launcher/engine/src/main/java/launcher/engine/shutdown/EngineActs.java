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
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.GuestState;
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
  private static final Duration CANCEL = Duration.ofSeconds(10);

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

  private static Candidate candidate(Guest guest) {
    XmlElement domain = guest.tree(XmlView.LIVE);
    String type = domain.attribute("type", "");
    boolean container = type.equals("lxc") || type.equals("openvz");
    return new Candidate(
        guest.uuid(),
        guest.name(),
        container ? Candidate.Kind.CONTAINER : Candidate.Kind.VIRTUAL_MACHINE,
        guest.state().phase() == GuestState.Phase.PAUSED,
        guest.persistent(),
        domain.value("memory").map(Long::parseLong).orElse(0L), // completion writes KiB
        policy(guest, domain));
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
    Thread saving =
        Thread.ofVirtual()
            .name("save " + guest.name())
            .start(() -> {
              try {
                saved.managedSave(_ -> {});
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    try {
      done.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      saving.interrupt();
      awaitCancel(done);
      throw new EngineException(
          EngineException.Kind.TIMEOUT, "not saved within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      saving.interrupt();
      Thread.currentThread().interrupt();
      throw new EngineException(EngineException.Kind.FAILED, "interrupted while saving", e);
    }
  }

  private static void awaitCancel(CompletableFuture<Void> done) {
    try {
      done.get(CANCEL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // it did not end in time, or ended as one that was cancelled does: the next rung is taken
      // either way
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static EngineException failure(ExecutionException e) {
    return e.getCause() instanceof EngineException reason
        ? reason
        : new EngineException(EngineException.Kind.FAILED, String.valueOf(e.getCause()), e);
  }

  @Override
  public void shutDown(Candidate guest, Act act, Duration within) {
    ShutdownMode mode =
        guest.kind() == Candidate.Kind.CONTAINER
            ? ShutdownMode.SIGNAL
            : act == Act.AGENT ? ShutdownMode.AGENT : ShutdownMode.ACPI;
    get(guest.uuid()).shutdown(new ShutdownOptions(mode, Optional.of(within), false));
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
  public void start(String uuid, boolean paused, boolean bypassCache) {
    get(uuid).start(new StartOptions(paused, false));
  }

  @Override
  public void syncTime(String uuid) {
    get(uuid).agent().time(Instant.now());
  }

  private Guest get(String uuid) {
    return engine.guests().get(uuid);
  }
}
