package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.engine.EngineException;
import launcher.engine.bus.SystemBus;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.schemas.network.Network;
import launcher.spawn.Spawner;

/**
 * The networks of a host. What changes something waits for its turn; what only looks never waits.
 */
public final class Networks implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger("launcher.network");

  private final NetworkFolders folders;
  private final NetworkDefinitions definitions;
  private final NetworkLife life;
  private final Map<String, NetworkEntry> entries = new ConcurrentSkipListMap<>();
  private final List<Consumer<NetworkEvent>> listeners = new CopyOnWriteArrayList<>();

  private Networks(NetworkFolders folders, Spawner spawner, SystemBus bus) {
    this.folders = folders;
    this.definitions = new NetworkDefinitions(new DefinitionStore(folders.definitions()));
    this.life = new NetworkLife(folders, spawner, bus, this::tell, this::live);
  }

  /**
   * Opens the networks of a host: reads what is defined, takes over what runs, cleans up behind a
   * start that was cut short.
   */
  public static Networks open(NetworkFolders folders, Spawner spawner, SystemBus bus) {
    Networks networks = new Networks(folders, spawner, bus);
    for (NetworkEntry.Defined defined : networks.definitions.load()) {
      networks.entries.put(
          defined.model().name(), new NetworkEntry(Optional.of(defined), Optional.empty()));
    }
    networks.takeOver();
    return networks;
  }

  private void takeOver() {
    for (LiveRecord record : LiveRecord.all(folders.runtime())) {
      try {
        Network model = definitions.model("running network", record.network());
        NetworkPlan plan = life.plan(model);
        List<String> warnings = new ArrayList<>();
        if (life.takeOver(plan, record, warnings)) {
          NetworkEntry entry = entries.getOrDefault(model.name(), NONE);
          entries.put(
              model.name(),
              entry.with(new NetworkEntry.Live(record.network(), model, plan, warnings)));
        }
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a running network cannot be taken over, ignoring", e);
      }
    }
  }

  private static final NetworkEntry NONE = new NetworkEntry(Optional.empty(), Optional.empty());

  /** Hears of every event from now on; told on threads that must not be kept. */
  public void listen(Consumer<NetworkEvent> listener) {
    listeners.add(listener);
  }

  /** Hears of nothing more. */
  public void unlisten(Consumer<NetworkEvent> listener) {
    listeners.remove(listener);
  }

  private void tell(String network, String kind, String detail) {
    LOG.log(Level.INFO, "network ''{0}'': {1}", new Object[] {network, detail});
    NetworkEvent event = new NetworkEvent(Instant.now(), network, kind, detail);
    listeners.forEach(listener -> listener.accept(event));
  }

  private List<NetworkEntry.Live> live() {
    return entries.values().stream().flatMap(entry -> entry.live().stream()).toList();
  }

  /** Every network, by name. */
  public List<NetworkInfo> list() {
    return entries.keySet().stream().flatMap(name -> find(name).stream()).toList();
  }

  /**
   * One network by name or uuid.
   *
   * @throws EngineException when there is none
   */
  public NetworkInfo info(String nameOrUuid) {
    String name = name(nameOrUuid);
    return find(name).orElseThrow(() -> unknown(nameOrUuid));
  }

  private Optional<NetworkInfo> find(String name) {
    return Optional.ofNullable(entries.get(name))
        .map(entry ->
            new NetworkInfo(
                name,
                entry.uuid(),
                entry.live().isPresent(),
                entry.defined().isPresent(),
                entry.defined().isPresent() && definitions.store().autostart(name),
                entry.model().bridge().name().orElse("")));
  }

  private String name(String nameOrUuid) {
    if (entries.containsKey(nameOrUuid)) {
      return nameOrUuid;
    }
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().uuid().equalsIgnoreCase(nameOrUuid))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> unknown(nameOrUuid));
  }

  private NetworkEntry entry(String nameOrUuid) {
    NetworkEntry entry = entries.get(name(nameOrUuid));
    if (entry == null) {
      throw unknown(nameOrUuid);
    }
    return entry;
  }

  private static EngineException unknown(String nameOrUuid) {
    return new EngineException(
        EngineException.Kind.NOT_FOUND, "there is no network '" + nameOrUuid + "'");
  }

  /** Which text of a network. */
  public enum Text {
    /** The running one, else the defined one; completed. */
    CURRENT,
    /** The defined one, completed. */
    INACTIVE,
    /** The defined one, byte for byte as the user wrote it. */
    AS_WRITTEN
  }

  /**
   * A network's XML.
   *
   * @throws EngineException when there is no such network or it is not defined
   */
  public String xml(String nameOrUuid, Text which) {
    NetworkEntry entry = entry(nameOrUuid);
    return switch (which) {
      case CURRENT -> XmlWriter.write(entry.tree());
      case INACTIVE -> XmlWriter.write(defined(entry).tree());
      case AS_WRITTEN -> defined(entry).written();
    };
  }

  private static NetworkEntry.Defined defined(NetworkEntry entry) {
    return entry
        .defined()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.WRONG_STATE,
                "network '" + entry.model().name() + "' is transient: it has no definition"));
  }

  /**
   * Defines a network, or defines it anew; one that runs goes on as it is until its next start.
   *
   * @param file name for problems
   * @throws EngineException when the text is refused, or its name or uuid is another network's
   */
  public synchronized NetworkInfo define(String file, String text) {
    NetworkEntry.Defined defined = prepare(file, text);
    String name = defined.model().name();
    definitions.save(defined);
    entries.put(name, entries.getOrDefault(name, NONE).with(defined));
    tell(name, "lifecycle", "defined");
    return info(name);
  }

  private NetworkEntry.Defined prepare(String file, String text) {
    NetworkEntry.Defined read = definitions.complete(file, text, Optional.empty(), taken(""));
    String name = read.model().name();
    Optional<XmlElement> kept =
        Optional.ofNullable(entries.get(name)).map(entry -> entry.tree().copy());
    NetworkEntry.Defined defined = definitions.complete(file, text, kept, taken(name));
    String uuid = defined.model().uuid().orElse("");
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
    return defined;
  }

  /** Names of bridges that are another network's, or somebody's on this host. */
  private Set<String> taken(String own) {
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
   * Starts a network that is gone with its stop, unless it is defined as well.
   *
   * @param file name for problems
   */
  public synchronized List<String> create(String file, String text) {
    NetworkEntry.Defined read = prepare(file, text);
    String name = read.model().name();
    NetworkEntry entry = entries.getOrDefault(name, NONE);
    requireStopped(entry, name);
    return start(entry, read.tree(), read.model());
  }

  /**
   * Starts a defined network.
   *
   * @return warnings: what works and yet may not do what was meant
   */
  public synchronized List<String> start(String nameOrUuid) {
    NetworkEntry entry = entry(nameOrUuid);
    requireStopped(entry, entry.model().name());
    NetworkEntry.Defined defined = defined(entry);
    return start(entry, defined.tree(), defined.model());
  }

  private static void requireStopped(NetworkEntry entry, String name) {
    if (entry.live().isPresent()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE, "network '" + name + "' is active already");
    }
  }

  private List<String> start(NetworkEntry entry, XmlElement tree, Network model) {
    NetworkPlan plan = life.plan(model);
    refuseSharedBridge(plan);
    List<String> warnings = life.start(plan, tree);
    entries.put(
        model.name(), entry.with(new NetworkEntry.Live(tree.copy(), model, plan, warnings)));
    tell(model.name(), "lifecycle", "started");
    return warnings;
  }

  private void refuseSharedBridge(NetworkPlan plan) {
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

  /** Stops a network; guests plugged into it lose their link. */
  public synchronized void destroy(String nameOrUuid) {
    NetworkEntry entry = entry(nameOrUuid);
    String name = entry.model().name();
    NetworkEntry.Live live = running(entry);
    List<RuntimeException> left = life.stop(live.plan());
    replace(name, entry.stopped());
    tell(name, "lifecycle", "stopped");
    if (!left.isEmpty()) {
      EngineException failure =
          new EngineException(
              EngineException.Kind.FAILED,
              "network '%s' is stopped, but something is left of it: %s"
                  .formatted(name, left.getFirst().getMessage()));
      left.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  private static NetworkEntry.Live running(NetworkEntry entry) {
    return entry
        .live()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.WRONG_STATE,
                "network '" + entry.model().name() + "' is not active"));
  }

  private void replace(String name, NetworkEntry entry) {
    if (entry.isEmpty()) {
      entries.remove(name);
    } else {
      entries.put(name, entry);
    }
  }

  /** Forgets a definition; a running network goes on until its stop. */
  public synchronized void undefine(String nameOrUuid) {
    NetworkEntry entry = entry(nameOrUuid);
    String name = defined(entry).model().name();
    definitions.remove(name);
    replace(name, entry.undefined());
    life.forget(name, entry.live().isPresent());
    tell(name, "lifecycle", "undefined");
  }

  /** Says whether a network starts with the host. */
  public synchronized void autostart(String nameOrUuid, boolean wanted) {
    definitions.autostart(defined(entry(nameOrUuid)).model().name(), wanted);
  }

  /**
   * Starts every network that starts with the host, once a boot; one that fails is logged, the
   * others go on.
   */
  public void startAutomatic() {
    if (Files.exists(folders.started())) {
      return;
    }
    try {
      AtomicFile.write(folders.started(), "");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write '" + folders.started() + "'", e);
    }
    for (NetworkInfo network : list()) {
      if (network.autostart() && !network.active()) {
        try {
          start(network.name());
        } catch (RuntimeException e) {
          LOG.log(
              Level.SEVERE,
              "network ''{0}'' was not started: {1}",
              new Object[] {network.name(), e.getMessage()});
        }
      }
    }
  }

  /**
   * Changes a part of a network.
   *
   * @param live whether the running one is changed
   * @param config whether the defined one is changed
   */
  public synchronized void update(
      String nameOrUuid, NetworkUpdate update, boolean live, boolean config) {
    NetworkEntry entry = entry(nameOrUuid);
    String name = entry.model().name();
    Optional<NetworkEntry.Defined> defined = Optional.empty();
    if (config) {
      NetworkEntry.Defined old = defined(entry);
      XmlElement written = XmlReader.read(name, old.written());
      update.apply(written);
      defined =
          Optional.of(
              definitions.complete(
                  name, XmlWriter.write(written), Optional.of(old.tree()), taken(name)));
    }
    if (live) {
      NetworkEntry.Live old = running(entry);
      XmlElement tree = old.tree().copy();
      update.apply(tree);
      Network model = definitions.model(name, tree);
      NetworkPlan plan = life.plan(model);
      life.change(old.plan(), plan, tree);
      entry = entry.with(new NetworkEntry.Live(tree, model, plan, old.warnings()));
    }
    if (defined.isPresent()) {
      definitions.save(defined.get());
      entry = entry.with(defined.get());
    }
    entries.put(name, entry);
    tell(name, "lifecycle", "changed");
  }

  /** The addresses a network has lent. */
  public List<Lease> leases(String nameOrUuid) {
    Network model = running(entry(nameOrUuid)).model();
    try {
      return LeaseFile.read(folders.dnsmasq(model.name()).leases(), model, Instant.now());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the leases of '" + model.name() + "'", e);
    }
  }

  /** The addresses all running networks have lent. */
  public List<Lease> leases() {
    return live().stream().flatMap(live -> leases(live.model().name()).stream()).toList();
  }

  /** What the host has heard of the machines on its links. */
  public List<Neighbour> neighbours() {
    return life.neighbours();
  }

  /** The plan of a network's start, for those who want to see it before. */
  public NetworkPlan plan(String nameOrUuid) {
    return life.plan(entry(nameOrUuid).model());
  }

  /** The model of a running network, started first if it starts with the host. */
  public Network forGuest(String nameOrUuid) {
    NetworkEntry entry = entry(nameOrUuid);
    String name = entry.model().name();
    if (entry.live().isEmpty() && definitions.store().autostart(name)) {
      start(name);
      entry = entry(name);
    }
    if (entry.live().isEmpty()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE,
          "network '%s' is not active: start it with 'launcher net-start %s'"
              .formatted(name, name));
    }
    return entry.model();
  }

  /** Foreign packet rules in the way of a running network, in words. */
  public List<String> inTheWay(String nameOrUuid) {
    return life.inTheWay(running(entry(nameOrUuid)).plan());
  }

  /** Lets go of everything; networks go on. */
  @Override
  public void close() {
    life.close();
  }
}
