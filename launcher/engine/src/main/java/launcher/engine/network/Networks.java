package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.dnsmasq.network.NetworkCompletion;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.engine.EngineException;
import launcher.engine.bus.SystemBus;
import launcher.engine.change.MergedText;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.XmlElement;
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
  private final NetworkTable table = new NetworkTable();
  private final NetworkEvents events = new NetworkEvents();

  private Networks(NetworkFolders folders, Spawner spawner, SystemBus bus) {
    this.folders = folders;
    this.definitions = new NetworkDefinitions(new DefinitionStore(folders.definitions()));
    this.life = new NetworkLife(folders, spawner, bus, events, table::live);
  }

  /**
   * Opens the networks of a host: reads what is defined, takes over what runs, cleans up behind a
   * start that was cut short.
   */
  public static Networks open(NetworkFolders folders, Spawner spawner, SystemBus bus) {
    Networks networks = new Networks(folders, spawner, bus);
    for (NetworkEntry.Defined defined : networks.definitions.load()) {
      String name = defined.model().name();
      networks.table.put(name, networks.table.named(name).with(defined));
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
          NetworkEntry.Live live = new NetworkEntry.Live(record.network(), model, plan, warnings);
          table.put(model.name(), table.named(model.name()).with(live));
        }
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a running network cannot be taken over, ignoring", e);
      }
    }
  }

  /** Hears of every event from now on; told on threads that must not be kept. */
  public void listen(Consumer<NetworkEvent> listener) {
    events.listen(listener);
  }

  /** Hears of nothing more. */
  public void unlisten(Consumer<NetworkEvent> listener) {
    events.unlisten(listener);
  }

  private void happened(String network, String what) {
    events.tell(network, "lifecycle", what);
  }

  /** Every network, by name. */
  public List<NetworkInfo> list() {
    return table.names().stream()
        .map(table::named)
        .filter(entry -> !entry.isEmpty())
        .map(this::info)
        .toList();
  }

  /**
   * One network by name or uuid.
   *
   * @throws EngineException when there is none
   */
  public NetworkInfo info(String nameOrUuid) {
    return info(table.entry(nameOrUuid));
  }

  private NetworkInfo info(NetworkEntry entry) {
    return new NetworkInfo(
        entry.name(),
        entry.uuid(),
        entry.live().isPresent(),
        entry.defined().isPresent(),
        entry.defined().isPresent() && definitions.store().autostart(entry.name()),
        entry.model().bridge().name().orElse(""));
  }

  /**
   * A network's XML.
   *
   * @throws EngineException when there is no such network or it is not defined
   */
  public String xml(String nameOrUuid, NetworkText which) {
    NetworkEntry entry = table.entry(nameOrUuid);
    return switch (which) {
      case CURRENT -> XmlWriter.write(entry.tree());
      case INACTIVE -> XmlWriter.write(entry.requireDefined().tree());
      case AS_WRITTEN -> entry.requireDefined().written();
    };
  }

  /** A copy of a network's completed XML, for those who look for one part of it. */
  public XmlElement tree(String nameOrUuid, boolean inactive) {
    NetworkEntry entry = table.entry(nameOrUuid);
    return (inactive ? entry.requireDefined().tree() : entry.tree()).copy();
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
    table.put(name, table.named(name).with(defined));
    happened(name, "defined");
    return info(name);
  }

  private NetworkEntry.Defined prepare(String file, String text) {
    NetworkEntry.Defined read =
        definitions.complete(file, text, Optional.empty(), table.takenBridges(""));
    String name = read.model().name();
    NetworkEntry present = table.named(name);
    Optional<XmlElement> kept =
        present.isEmpty() ? Optional.empty() : Optional.of(present.tree().copy());
    NetworkEntry.Defined defined = definitions.complete(file, text, kept, table.takenBridges(name));
    table.requireOwnIdentity(name, defined.model().uuid().orElse(""));
    return defined;
  }

  /**
   * Starts a network that is gone with its stop, unless it is defined as well.
   *
   * @param file name for problems
   */
  public synchronized List<String> create(String file, String text) {
    NetworkEntry.Defined read = prepare(file, text);
    NetworkEntry entry = table.named(read.model().name());
    entry.requireStopped();
    return start(entry, read.tree(), read.model());
  }

  /**
   * Starts a defined network.
   *
   * @return warnings: what works and yet may not do what was meant
   */
  public synchronized List<String> start(String nameOrUuid) {
    NetworkEntry entry = table.entry(nameOrUuid);
    entry.requireStopped();
    NetworkEntry.Defined defined = entry.requireDefined();
    return start(entry, defined.tree(), defined.model());
  }

  private List<String> start(NetworkEntry entry, XmlElement defined, Network model) {
    NetworkPlan plan = life.plan(model);
    table.requireOwnBridge(plan);
    XmlElement tree = defined.copy();
    NetworkCompletion.running(model, tree);
    List<String> warnings = life.start(plan, tree);
    table.put(model.name(), entry.with(new NetworkEntry.Live(tree, model, plan, warnings)));
    happened(model.name(), "started");
    return warnings;
  }

  /** Stops a network; guests plugged into it lose their link. */
  public synchronized void destroy(String nameOrUuid) {
    NetworkEntry entry = table.entry(nameOrUuid);
    String name = entry.name();
    List<RuntimeException> left = life.stop(entry.requireLive().plan());
    table.put(name, entry.stopped());
    happened(name, "stopped");
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

  /** Forgets a definition; a running network goes on until its stop. */
  public synchronized void undefine(String nameOrUuid) {
    NetworkEntry entry = table.entry(nameOrUuid);
    String name = entry.requireDefined().model().name();
    definitions.remove(name);
    table.put(name, entry.undefined());
    life.forget(name, entry.live().isPresent());
    happened(name, "undefined");
  }

  /** Says whether a network starts with the host. */
  public synchronized void autostart(String nameOrUuid, boolean wanted) {
    String name = table.entry(nameOrUuid).requireDefined().model().name();
    definitions.autostart(name, wanted);
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
   * Changes a part of a network. When the running one cannot follow, nothing is changed.
   *
   * @param live whether the running one is changed
   * @param config whether the defined one is changed
   * @throws EngineException when the change does not fit
   */
  public synchronized void update(
      String nameOrUuid, NetworkChange change, boolean live, boolean config) {
    NetworkEntry entry = table.entry(nameOrUuid);
    String name = entry.name();
    Optional<NetworkEntry.Defined> defined =
        config ? Optional.of(changed(entry.requireDefined(), change)) : Optional.empty();
    if (live) {
      NetworkEntry.Live old = entry.requireLive();
      XmlElement tree = old.tree().copy();
      change.apply(tree);
      NetworkCompletion.order(tree);
      Network model = definitions.model(name, tree);
      NetworkPlan plan = life.plan(model);
      life.change(old.plan(), plan, tree);
      entry = entry.with(new NetworkEntry.Live(tree, model, plan, old.warnings()));
    }
    if (defined.isPresent()) {
      definitions.save(defined.get());
      entry = entry.with(defined.get());
    }
    table.put(name, entry);
    happened(name, "changed");
  }

  private NetworkEntry.Defined changed(NetworkEntry.Defined old, NetworkChange change) {
    String name = old.model().name();
    String written = MergedText.changed(name, old.written(), change::apply);
    return definitions.complete(name, written, Optional.of(old.tree()), table.takenBridges(name));
  }

  /** The addresses a network has lent. */
  public List<Lease> leases(String nameOrUuid) {
    Network model = table.entry(nameOrUuid).requireLive().model();
    try {
      return LeaseFile.read(folders.dnsmasq(model.name()).leases(), model, Instant.now());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the leases of '" + model.name() + "'", e);
    }
  }

  /** The addresses all running networks have lent. */
  public List<Lease> leases() {
    return table.live().stream().flatMap(live -> leases(live.model().name()).stream()).toList();
  }

  /** What the host has heard of the machines on its links. */
  public List<Neighbour> neighbours() {
    return life.neighbours();
  }

  /** The plan of a network's start, for those who want to see it before. */
  public NetworkPlan plan(String nameOrUuid) {
    return life.plan(table.entry(nameOrUuid).model());
  }

  /** The model of a running network, started first if it starts with the host. */
  public Network forGuest(String nameOrUuid) {
    NetworkEntry entry = table.entry(nameOrUuid);
    String name = entry.name();
    if (entry.live().isEmpty() && definitions.store().autostart(name)) {
      startFor(name);
      entry = table.entry(name);
    }
    if (entry.live().isEmpty()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE,
          "network '%s' is not active: start it with 'launcher net-start %s'"
              .formatted(name, name));
    }
    return entry.model();
  }

  /** Guests that start at once ask for the same network at once. */
  private synchronized void startFor(String name) {
    if (table.entry(name).live().isEmpty()) {
      start(name);
    }
  }

  /** Foreign packet rules in the way of a running network, in words. */
  public List<String> inTheWay(String nameOrUuid) {
    return life.inTheWay(table.entry(nameOrUuid).requireLive().plan());
  }

  /** Lets go of everything; networks go on. */
  @Override
  public void close() {
    life.close();
  }
}
