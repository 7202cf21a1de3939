package launcher.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.GuestState.Phase;
import launcher.engine.ShutdownMode;
import launcher.engine.ShutdownOptions;
import launcher.engine.StartOptions;
import launcher.engine.XmlView;
import launcher.engine.shutdown.Act;
import launcher.engine.shutdown.Candidate;
import launcher.engine.shutdown.GuestActs;
import launcher.engine.shutdown.GuestPolicy;
import launcher.schemas.XmlElement;

/**
 * What host shutdown asks of the engine.
 *
 * @param engine the guests
 */
record EngineGuestActs(Engine engine) implements GuestActs {
  /** What a save may take to be undone after its deadline: QEMU drops the file and goes on. */
  private static final Duration UNDOING = Duration.ofSeconds(10);

  private static final List<String> VIRTUAL = List.of("qemu", "kvm", "hvf");

  @Override
  public List<Candidate> running() {
    List<Candidate> running = new ArrayList<>();
    for (Guest guest : engine.guests().list()) {
      if (guest.state().active()) {
        running.add(candidate(guest));
      }
    }
    return running;
  }

  private static Candidate candidate(Guest guest) {
    XmlElement domain = guest.tree(XmlView.LIVE);
    boolean virtual = VIRTUAL.contains(domain.attribute("type", ""));
    return new Candidate(
        guest.uuid(),
        guest.name(),
        virtual ? Candidate.Kind.VIRTUAL_MACHINE : Candidate.Kind.CONTAINER,
        guest.state().phase() == Phase.PAUSED,
        guest.persistent(),
        Memory.kib(domain, "memory"),
        policy(guest, domain));
  }

  /** A policy that is wrong must not keep the guest from being saved as the host says. */
  private static GuestPolicy policy(Guest guest, XmlElement domain) {
    try {
      return GuestPolicy.of(domain);
    } catch (IllegalArgumentException e) {
      Daemon.LOG.warning(
          "the shutdown policy of guest '"
              + guest.name()
              + "' is wrong ("
              + e.getMessage()
              + "), ignoring");
      return GuestPolicy.NONE;
    }
  }

  private Guest guest(String uuid) {
    return engine.guests().get(uuid);
  }

  @Override
  public void save(Candidate guest, boolean bypassCache, Duration within) {
    FutureTask<?> save = new FutureTask<>(() -> guest(guest.uuid()).managedSave(_ -> {}), null);
    Thread worker = Thread.ofPlatform().name("save " + guest.name()).start(save);
    try {
      save.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      worker.interrupt();
      awaitUndone(worker);
      throw new EngineException(
          EngineException.Kind.TIMEOUT, "it was not saved within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EngineException known
          ? known
          : new EngineException(EngineException.Kind.FAILED, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      worker.interrupt();
      Thread.currentThread().interrupt();
      throw new EngineException(EngineException.Kind.FAILED, "interrupted", e);
    }
  }

  private static void awaitUndone(Thread worker) {
    try {
      worker.join(UNDOING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void shutDown(Candidate guest, Act act, Duration within) {
    ShutdownMode mode =
        act == Act.AGENT
            ? ShutdownMode.AGENT
            : guest.kind() == Candidate.Kind.CONTAINER ? ShutdownMode.ANY : ShutdownMode.ACPI;
    guest(guest.uuid()).shutdown(new ShutdownOptions(mode, Optional.of(within), false));
  }

  @Override
  public void powerOff(Candidate guest) {
    guest(guest.uuid()).destroy(false);
  }

  @Override
  public boolean isDefined(String uuid) {
    return engine.guests().find(uuid).filter(Guest::persistent).isPresent();
  }

  @Override
  public boolean isActive(String uuid) {
    return engine.guests().find(uuid).filter(guest -> guest.state().active()).isPresent();
  }

  @Override
  public boolean hasSavedState(String uuid) {
    return engine.guests().find(uuid).filter(Guest::hasManagedSave).isPresent();
  }

  @Override
  public void start(String uuid, boolean paused, boolean bypassCache) {
    guest(uuid).start(new StartOptions(paused, false));
  }

  @Override
  public void syncTime(String uuid) {
    guest(uuid).agent().time(java.time.Instant.now());
  }
}
