package launcher.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.schemas.XmlElement;

/**
 * Which guests there are. Looking needs no lock; who changes it, or looks in order to change it,
 * holds its monitor.
 */
final class GuestRegistry {
  private final Map<String, GuestLife> byUuid = new ConcurrentHashMap<>();
  private boolean closed;

  /** Every guest by its UUID, to be changed by who holds the monitor. */
  Map<String, GuestLife> byUuid() {
    return byUuid;
  }

  Collection<GuestLife> all() {
    return byUuid.values();
  }

  List<GuestLife> sorted() {
    return all().stream().sorted(Comparator.comparing(life -> life.definition().name())).toList();
  }

  void put(GuestLife life) {
    byUuid.put(life.definition().uuid(), life);
  }

  /** It is no guest any more. */
  void remove(GuestLife life) {
    life.gone();
    byUuid.remove(life.definition().uuid(), life);
  }

  /** From now on nothing is defined. */
  void close() {
    closed = true;
  }

  Optional<GuestLife> named(String name) {
    return all().stream().filter(life -> life.definition().name().equals(name)).findFirst();
  }

  /** A guest by its name, its UUID, or the number of its run. */
  Optional<GuestLife> find(String word) {
    return named(word)
        .or(() -> Optional.ofNullable(byUuid.get(word.toLowerCase(Locale.ROOT))))
        .or(() -> byId(word));
  }

  private Optional<GuestLife> byId(String word) {
    return all().stream()
        .filter(life ->
            life.run()
                .map(ActiveRun::record)
                .filter(record -> Integer.toString(record.id()).equals(word))
                .isPresent())
        .findFirst();
  }

  /**
   * The guest that a document means, by its name.
   *
   * @throws EngineException when its UUID is another guest's, or nothing is defined any more
   */
  Optional<GuestLife> meant(XmlElement tree) {
    if (closed) {
      throw new EngineException(Kind.WRONG_STATE, "the engine is closed");
    }
    Optional<GuestLife> named = named(tree.value("name", ""));
    Optional<String> uuid = tree.value("uuid");
    Optional<GuestLife> same = uuid.map(byUuid::get);
    if (same.isPresent() && !same.equals(named)) {
      throw new EngineException(
          Kind.EXISTS,
          "UUID " + uuid.orElse("") + " is that of guest '" + same.get().definition().name() + "'");
    }
    if (named.isPresent() && uuid.isPresent() && same.isEmpty()) {
      throw new EngineException(
          Kind.EXISTS,
          "guest '"
              + tree.value("name", "")
              + "' exists already with UUID "
              + named.get().definition().uuid()
              + ": write that one, or none");
    }
    return named;
  }
}
