package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.engine.EngineException;

/** The networks of a host by name. Each entry is replaced whole, so that looking never waits. */
final class NetworkTable {
  private static final NetworkEntry NONE = new NetworkEntry(Optional.empty(), Optional.empty());

  private final Map<String, NetworkEntry> entries = new ConcurrentSkipListMap<>();

  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The entry of a name, an empty one for none. */
  NetworkEntry named(String name) {
    return entries.getOrDefault(name, NONE);
  }

  /**
   * The entry of a name or uuid.
   *
   * @throws EngineException when there is none
   */
  NetworkEntry entry(String nameOrUuid) {
    NetworkEntry named = named(nameOrUuid);
    if (!named.isEmpty()) {
      return named;
    }
    return entries.values().stream()
        .filter(entry -> entry.uuid().equalsIgnoreCase(nameOrUuid))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.NOT_FOUND, "there is no network '" + nameOrUuid + "'"));
  }

  /** Replaces the entry of a name; an empty one is forgotten. */
  void put(String name, NetworkEntry entry) {
    if (entry.isEmpty()) {
      entries.remove(name);
    } else {
      entries.put(name, entry);
    }
  }

  /** Everything that runs. */
  List<NetworkEntry.Live> live() {
    return entries.values().stream().flatMap(entry -> entry.live().stream()).toList();
  }

  /** Names of bridges that are another network's, or somebody's on this host. */
  Set<String> takenBridges(String own) {
    Set<String> names = new HashSet<>();
    entries.forEach((name, entry) -> {
      if (!name.equals(own)) {
        entry.model().bridge().name().ifPresent(names::add);
      }
    });
    try (var links = Files.newDirectoryStream(Path.of("/sys/class/net"))) {
      links.forEach(link -> names.add(link.getFileName().toString()));
    } catch (IOException unreadable) {
      return names;
    }
    return names;
  }

  /**
   * Refuses a network whose name or uuid is another's.
   *
   * @throws EngineException naming the other
   */
  void requireOwnIdentity(String name, String uuid) {
    entries.forEach((other, entry) -> {
      boolean sameUuid = entry.uuid().equalsIgnoreCase(uuid);
      if (sameUuid != other.equals(name)) {
        throw new EngineException(
            EngineException.Kind.EXISTS,
            sameUuid
                ? "uuid '%s' is network '%s's".formatted(uuid, other)
                : "network '%s' is there already with uuid '%s'".formatted(name, entry.uuid()));
      }
    });
  }

  /**
   * Refuses a network whose bridge another one has made.
   *
   * @throws EngineException naming the other
   */
  void requireOwnBridge(NetworkPlan plan) {
    for (NetworkEntry.Live other : live()) {
      if (plan.bridge().isPresent()
          && plan.bridge().equals(other.plan().bridge())
          && other.model().mode().ownsBridge()) {
        throw new EngineException(
            EngineException.Kind.FAILED,
            "bridge '%s' is network '%s's: name another one for '%s'"
                .formatted(plan.bridge().get(), other.model().name(), plan.network()));
      }
    }
  }
}
