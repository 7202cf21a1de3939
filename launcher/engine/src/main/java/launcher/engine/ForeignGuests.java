package launcher.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.ForeignHypervisor;
import launcher.engine.guest.GuestLife;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/** Guests that something else than launcher keeps, among those that launcher keeps. */
final class ForeignGuests {
  private final EngineContext context;

  ForeignGuests(EngineContext context) {
    this.context = context;
  }

  private List<ForeignHypervisor> hypervisors() {
    return context.hypervisors().stream()
        .filter(ForeignHypervisor.class::isInstance)
        .map(ForeignHypervisor.class::cast)
        .toList();
  }

  /** Who keeps a guest of that type, none when launcher does. */
  Optional<ForeignHypervisor> of(Definition definition) {
    return hypervisors().stream().filter(h -> h.drives(definition.type())).findFirst();
  }

  /** Makes a guest what its new definition says; nothing when launcher keeps it. */
  void define(Definition now, Optional<Definition> before) {
    of(now).ifPresent(keeper -> keeper.define(now.completed(), before.map(Definition::completed)));
  }

  /** Removes a guest from who keeps it; nothing when launcher does. */
  void undefine(GuestLife life) {
    Optional<ForeignHypervisor> keeper = of(life.definition());
    if (keeper.isPresent() && life.run().isPresent()) {
      refuse(life.definition(), "is running: shut it down or destroy it first");
    }
    keeper.ifPresent(hypervisor -> hypervisor.undefine(life.definition().completed()));
  }

  /** Refuses what guests that something else keeps cannot have. */
  void refuse(Definition definition, String why) {
    if (of(definition).isPresent()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE, "guest '" + definition.name() + "' " + why);
    }
  }

  void watch(Runnable changed) {
    hypervisors().forEach(hypervisor -> hypervisor.watch(changed));
  }

  void unwatch() {
    hypervisors().forEach(ForeignHypervisor::unwatch);
  }

  /**
   * Brings the known guests up to date.
   *
   * @param byUuid every guest, to be changed
   */
  void reconcile(Map<String, GuestLife> byUuid, Consumer<GuestLife> vanished) {
    for (ForeignHypervisor hypervisor : hypervisors()) {
      try {
        reconcile(hypervisor, byUuid, vanished);
      } catch (EngineException e) {
        String detail = String.valueOf(e.getMessage());
        context.listener().accept(new GuestEvent(Instant.now(), "", "failure", detail));
      }
    }
  }

  private void reconcile(
      ForeignHypervisor hypervisor, Map<String, GuestLife> byUuid, Consumer<GuestLife> vanished) {
    Map<String, GuestLife> known = new HashMap<>();
    for (GuestLife life : byUuid.values()) {
      if (hypervisor.drives(life.definition().type())) {
        known.put(life.definition().name(), life);
      }
    }
    for (XmlElement found : hypervisor.discover()) {
      GuestLife life = known.remove(found.value("name", ""));
      if (life == null) {
        Definition definition = Definition.of(XmlWriter.write(found), found, true);
        life = new GuestLife(context, definition, vanished);
        byUuid.put(definition.uuid(), life);
      }
      GuestLife seen = life;
      // while somebody starts it, it has a run in the making; the next look comes soon
      seen.ifIdle(() -> adopt(hypervisor, seen));
    }
    // its configuration is gone, and so is it
    known.values().stream()
        .filter(life -> life.run().isEmpty())
        .forEach(life -> byUuid.remove(life.definition().uuid(), life));
  }

  private void adopt(ForeignHypervisor hypervisor, GuestLife life) {
    Definition definition = life.definition();
    if (life.run().isPresent()) {
      return;
    }
    hypervisor
        .hold(definition.name())
        .ifPresent(hold -> {
          RunRecord record =
              new RunRecord(
                  definition.name(),
                  definition.uuid(),
                  definition.type(),
                  context.ids().incrementAndGet(),
                  RunRecord.Phase.STARTED,
                  0,
                  0,
                  List.of(),
                  Optional.empty(),
                  context.log(definition.name()),
                  Instant.now(),
                  "booted",
                  true,
                  Optional.empty(),
                  List.of(),
                  List.of());
          life.adopt(new ActiveRun(context, record, definition.completed(), hold));
        });
  }
}
