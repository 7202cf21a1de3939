package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.WrittenDefinition;
import launcher.engine.guest.ActiveRun;
import launcher.engine.lxc.ContainerRunning;
import launcher.schemas.XmlElement;

/**
 * What a container or a machine may use of the host: now, while it runs, and from its next start
 * on.
 */
public final class GuestLimits {
  private final Guest guest;
  private final Guests guests;

  /** Of a container of LXC or a guest of QEMU. */
  GuestLimits(Guest guest, Guests guests) {
    this.guest = guest;
    this.guests = guests;
    if (!List.of("lxc", "qemu", "kvm").contains(guest.life().definition().type())) {
      throw new EngineException(
          Kind.INVALID, "guest '" + guest.name() + "' has no limits that launcher could change");
    }
  }

  private boolean isMachine() {
    return !guest.life().definition().type().equals("lxc");
  }

  private ContainerRunning container() {
    if (guest.life().running().running() instanceof ContainerRunning container) {
      return container;
    }
    throw new EngineException(Kind.WRONG_STATE, "guest '" + guest.name() + "' is not running");
  }

  /**
   * Every limit that this host has, as the running guest has it.
   *
   * @return by the limit; memory in KiB, -1 for no limit
   */
  public SequencedMap<GuestLimit, Long> all() {
    return isMachine() ? new MachineUse(guest.life()).all() : container().limits();
  }

  /**
   * Every limit as the definition says it.
   *
   * @return by the limit; memory in KiB, -1 for no limit; the others 0 where nothing is said, as
   *     virsh has it
   */
  public SequencedMap<GuestLimit, Long> defined() {
    return said(guest.tree(XmlView.INACTIVE));
  }

  static SequencedMap<GuestLimit, Long> said(XmlElement domain) {
    SequencedMap<GuestLimit, Long> all = new LinkedHashMap<>();
    for (GuestLimit limit : GuestLimit.values()) {
      String said = domain.value(limit.element(), limit.isMemory() ? "-1" : "0");
      all.put(limit, Long.parseLong(said.strip()));
    }
    return all;
  }

  /**
   * Changes limits, in their order; those before one that is refused stay changed.
   *
   * @param wanted memory in KiB, -1 for no limit
   * @param scope the running guest, its definition, or both
   * @throws EngineException when the kernel refuses one, this host has no such limit, or the
   *     definition cannot have it; then it is as before
   */
  public void set(Map<GuestLimit, Long> wanted, Scope scope) {
    Map<GuestLimit, Long> ordered = new LinkedHashMap<>(wanted);
    new ChangeActs(guest, guests)
        .carryOut(
            scope,
            new ChangeActs.Change("limits", text -> write(text, ordered)),
            () -> alive(ordered));
  }

  private void alive(Map<GuestLimit, Long> wanted) {
    ActiveRun run = guest.life().running();
    XmlElement live = run.live().copy();
    if (isMachine()) {
      wanted.forEach((limit, value) -> note(live, limit, value));
      new MachineUse(guest.life()).set(wanted, live);
      return;
    }
    ContainerRunning container = container();
    try {
      wanted.forEach((limit, value) -> {
        container.limit(limit, value);
        note(live, limit, value);
      });
    } finally {
      run.live(live);
    }
  }

  private static void write(WrittenDefinition text, Map<GuestLimit, Long> wanted) {
    wanted.forEach((limit, value) -> {
      String[] path = limit.element().split("/", 2);
      boolean none = limit.isMemory() && value < 0;
      Optional<String> said = none ? Optional.empty() : Optional.of(Long.toString(value));
      if (limit.isMemory()) {
        text.inner(path[0], path[1], said, "unit", "KiB");
      } else {
        text.inner(path[0], path[1], said);
      }
    });
  }

  /**
   * Limits the memory it may use now, as virsh's {@code setmem}.
   *
   * @param kib at least 1, at most the {@code <memory>} of its definition
   */
  public void memory(long kib) {
    long most = guest.life().running().live().value("memory").map(Long::parseLong).orElse(0L);
    if (kib < 1 || (most > 0 && kib > most)) {
      throw new EngineException(
          Kind.INVALID, "guest '" + guest.name() + "' can have 1 to " + most + " KiB, not " + kib);
    }
    set(Map.of(GuestLimit.HARD_LIMIT, kib), new Scope(true, false));
    guest
        .life()
        .act(
            "setmem",
            () -> {
              ActiveRun run = guest.life().running();
              XmlElement live = run.live().copy();
              live.childOrAdd("currentMemory").set("unit", "KiB").text(Long.toString(kib));
              run.live(live);
            });
  }

  private static void note(XmlElement live, GuestLimit limit, long value) {
    String[] path = limit.element().split("/", 2);
    if (!live.hasChild(path[0])) {
      XmlElement tune = XmlElement.of(path[0]);
      live.child("vcpu").ifPresentOrElse(vcpu -> vcpu.addAfter(tune), () -> live.add(tune));
    }
    XmlElement tune = live.childOrAdd(path[0]);
    if (limit.isMemory() && value < 0) {
      tune.child(path[1]).ifPresent(XmlElement::detach);
      return;
    }
    XmlElement element = tune.childOrAdd(path[1]).text(Long.toString(value));
    if (limit.isMemory()) {
      element.set("unit", "KiB");
    }
  }
}
