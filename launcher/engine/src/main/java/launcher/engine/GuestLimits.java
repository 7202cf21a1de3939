package launcher.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import launcher.engine.guest.ActiveRun;
import launcher.engine.lxc.ContainerRunning;
import launcher.schemas.XmlElement;

/** What a running container may use of the host, while it runs; its definition is as before. */
public final class GuestLimits {
  private final Guest guest;
  private final ContainerRunning container;

  GuestLimits(Guest guest, ContainerRunning container) {
    this.guest = guest;
    this.container = container;
  }

  /**
   * Every limit that this host has.
   *
   * @return by the limit; memory in KiB, -1 for no limit
   */
  public SequencedMap<GuestLimit, Long> all() {
    return container.limits();
  }

  /**
   * Changes limits, in their order; those before one that is refused stay changed.
   *
   * @param wanted memory in KiB, -1 for no limit
   * @throws EngineException when the kernel refuses one, or this host has no such limit
   */
  public void set(Map<GuestLimit, Long> wanted) {
    Map<GuestLimit, Long> ordered = new LinkedHashMap<>(wanted);
    guest
        .life()
        .act(
            "limits",
            () -> {
              ActiveRun run = guest.life().running();
              XmlElement live = run.live().copy();
              try {
                ordered.forEach((limit, value) -> {
                  container.limit(limit, value);
                  note(live, limit, value);
                });
              } finally {
                guest.life().live(run, live);
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
          EngineException.Kind.INVALID,
          "guest '" + guest.name() + "' can have 1 to " + most + " KiB, not " + kib);
    }
    set(Map.of(GuestLimit.HARD_LIMIT, kib));
    guest
        .life()
        .act(
            "setmem",
            () -> {
              ActiveRun run = guest.life().running();
              XmlElement live = run.live().copy();
              live.childOrAdd("currentMemory").set("unit", "KiB").text(Long.toString(kib));
              guest.life().live(run, live);
            });
  }

  private static void note(XmlElement live, GuestLimit limit, long value) {
    String[] path = limit.element().split("/", 2);
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
