package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import launcher.engine.EngineException;

/** A host of guests that do as they are told, or fail where a test says so. */
final class FakeActs implements GuestActs {
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final Map<String, Candidate> active = Collections.synchronizedMap(new HashMap<>());
  final Set<String> defined = Collections.synchronizedSet(new HashSet<>());
  final Set<String> saved = Collections.synchronizedSet(new HashSet<>());
  final Map<String, GuestPolicy> policies = Collections.synchronizedMap(new HashMap<>());
  final Set<String> fails = Collections.synchronizedSet(new HashSet<>());

  static Candidate guest(String name, String... needs) {
    return guest(
        name,
        false,
        new GuestPolicy(
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(needs)));
  }

  static Candidate guest(String name, boolean paused, GuestPolicy policy) {
    return new Candidate(
        "uuid-" + name, name, Candidate.Kind.VIRTUAL_MACHINE, paused, true, 65_536, policy);
  }

  FakeActs with(Candidate... guests) {
    for (Candidate guest : guests) {
      active.put(guest.uuid(), guest);
      defined.add(guest.uuid());
    }
    return this;
  }

  @Override
  public List<Candidate> running() {
    return List.copyOf(active.values());
  }

  @Override
  public void save(Candidate guest, boolean bypassCache, Duration within) {
    act("save", guest.uuid(), guest.name());
    saved.add(guest.uuid());
    active.remove(guest.uuid());
  }

  @Override
  public void shutDown(Candidate guest, Act act, Duration within) {
    act(act.word(), guest.uuid(), guest.name());
    active.remove(guest.uuid());
  }

  @Override
  public void powerOff(Candidate guest) {
    act("power-off", guest.uuid(), guest.name());
    active.remove(guest.uuid());
  }

  @Override
  public GuestPolicy policy(String uuid) {
    return policies.getOrDefault(uuid, GuestPolicy.NONE);
  }

  @Override
  public boolean isDefined(String uuid) {
    return defined.contains(uuid);
  }

  @Override
  public boolean isActive(String uuid) {
    return active.containsKey(uuid);
  }

  @Override
  public boolean hasSavedState(String uuid) {
    return saved.contains(uuid);
  }

  @Override
  public void start(String uuid, boolean paused, Progress progress) {
    String name = uuid.substring("uuid-".length());
    act(paused ? "start-paused" : "start", uuid, name);
    saved.remove(uuid);
    active.put(uuid, guest(name, paused, GuestPolicy.NONE));
  }

  @Override
  public void syncTime(String uuid) {
    act("sync", uuid, uuid);
  }

  private void act(String what, String uuid, String name) {
    log.add(what + " " + name);
    if (fails.contains(what + " " + name)) {
      throw new EngineException(
          EngineException.Kind.FAILED, "told to fail at '" + what + "' of '" + uuid + "'");
    }
  }

  /** Keeps what it is told. */
  static final class Told implements Progress {
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    final List<Duration> needed = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void told(String line) {
      lines.add(line);
    }

    @Override
    public void needs(Duration more) {
      needed.add(more);
    }
  }
}
