package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.dnsmasq.DnsmasqFiles;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.drivers.dnsmasq.network.NetworkPlanner;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.engine.bus.SystemBus;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** What happens on the host while networks start, run and stop. */
final class NetworkLife implements AutoCloseable, NetworkSteps.Servers {
  private static final Logger LOG = Logger.getLogger("launcher.network");
  private static final Path DNSMASQ = Path.of("dnsmasq");

  /** Whether frames between the ports of a bridge are judged as if they were forwarded. */
  private static final String BRIDGE_ASKS = "net/bridge/bridge-nf-call-iptables";

  private final NetworkFolders folders;
  private final Spawner spawner;
  private final HostTools tools;
  private final HostRoutes routes;
  private final Firewall firewall;
  private final NetworkRunner runner;
  private final Teller teller;
  private final Supplier<List<NetworkEntry.Live>> running;
  private final Map<String, DnsmasqServer> servers = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Lease>> knownLeases = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("launcher-dnsmasq").factory());
  private final LeaseWatch leaseWatch;

  /** Who is told of events. */
  @FunctionalInterface
  interface Teller {
    /** A network, what kind of event, and the event in words. */
    void tell(String network, String kind, String detail);
  }

  NetworkLife(
      NetworkFolders folders,
      Spawner spawner,
      SystemBus bus,
      Teller teller,
      Supplier<List<NetworkEntry.Live>> running) {
    this.folders = folders;
    this.spawner = spawner;
    this.teller = teller;
    this.running = running;
    makeFolders();
    tools = new HostTools(spawner);
    routes = new HostRoutes(tools);
    firewall = new Firewall(tools, new Firewalld(bus));
    Forwarding forwarding = new Forwarding(folders.runtime(), routes);
    BridgePorts ports = new BridgePorts(folders.runtime(), tools);
    runner =
        new NetworkRunner(
            new NetworkSteps(
                tools, routes, firewall, forwarding, ports, new HostResolver(bus), this));
    leaseWatch = new LeaseWatch(folders.state(), this::leasesChanged);
    firewall.whenForgotten(this::protectAgain);
  }

  private void makeFolders() {
    try {
      AtomicFile.folder(folders.runtime(), 0755);
      // dnsmasq reaches its files as a user of its own
      AtomicFile.folder(folders.state(), 0755);
      AtomicFile.folder(folders.logs(), 0755);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folders of networks", e);
    }
  }

  NetworkPlan plan(Network network) {
    DnsmasqFiles files = folders.dnsmasq(network.name());
    return new NetworkPlanner(DNSMASQ, ServerIdentity.choose(folders.state())).plan(network, files);
  }

  /** Starts a network; gives warnings. */
  List<String> start(NetworkPlan plan, XmlElement tree) {
    Path record = folders.live(plan.network());
    try {
      runner.start(plan, begun -> new LiveRecord(begun, false, tree).write(record));
    } catch (RuntimeException e) {
      LiveRecord.remove(record);
      throw e;
    }
    new LiveRecord(plan.steps().size(), true, tree).write(record);
    return inTheWay(plan);
  }

  /** Foreign packet rules in the way of a running network, in words. */
  List<String> inTheWay(NetworkPlan plan) {
    if (plan.bridge().isEmpty() || plan.firewall().isEmpty()) {
      return List.of();
    }
    try {
      List<String> warnings =
          new ArrayList<>(ForeignFirewalls.inTheWayOf(packets(plan), tools.nftRules()));
      warnings.addAll(OldTables.inTheWayOf(packets(plan)));
      return warnings;
    } catch (SpawnException e) {
      LOG.log(Level.WARNING, "packet rules cannot be read, ignoring: {0}", e.getMessage());
      return List.of();
    }
  }

  private static ForeignFirewalls.Packets packets(NetworkPlan plan) {
    Set<Ip.Family> families = plan.families();
    boolean forwards = plan.steps().stream().anyMatch(NetworkStep.ForwardPackets.class::isInstance);
    return new ForeignFirewalls.Packets(
        plan.bridge().orElseThrow(),
        families,
        forwards || KernelSettings.read(BRIDGE_ASKS).filter("1"::equals).isPresent(),
        plan.server().isPresent());
  }

  List<Neighbour> neighbours() {
    return tools.ip("neighbour", "show").stream()
        .map(heard ->
            new Neighbour(
                heard.string("dev", ""), heard.string("lladdr", ""), heard.string("dst", "")))
        .filter(neighbour -> !neighbour.mac().isEmpty())
        .toList();
  }

  List<RuntimeException> stop(NetworkPlan plan) {
    List<RuntimeException> left = runner.undo(plan.steps());
    LiveRecord.remove(folders.live(plan.network()));
    return left;
  }

  /**
   * Takes a running network over from an earlier daemon, or takes back what is left of it.
   *
   * @return whether it runs
   */
  boolean takeOver(NetworkPlan plan, LiveRecord record, List<String> warnings) {
    boolean there = plan.bridge().isEmpty() || routes.link(plan.bridge().get()).isPresent();
    if (!record.finished() || !there) {
      LOG.log(Level.INFO, "network ''{0}'': taking back what is left of it", plan.network());
      runner.undo(plan.steps().subList(0, Math.min(record.begun(), plan.steps().size())));
      LiveRecord.remove(folders.live(plan.network()));
      return false;
    }
    try {
      plan.firewall().ifPresent(firewall::apply);
    } catch (RuntimeException e) {
      // it runs, and says so to everybody who asks
      LOG.log(
          Level.SEVERE,
          "packet rules of network ''{0}'' were not set again: {1}",
          new Object[] {plan.network(), e.getMessage()});
      warnings.add("its packet rules were not set again: " + e.getMessage());
    }
    plan.server()
        .ifPresent(step -> {
          DnsmasqServer server = server(step);
          servers.put(step.network(), server);
          server.takeOver();
        });
    warnings.addAll(inTheWay(plan));
    return true;
  }

  /** Carries a changed plan out on a running network, as far as it differs. */
  void change(NetworkPlan old, NetworkPlan changed, XmlElement tree) {
    changed
        .firewall()
        .filter(rules -> !old.firewall().equals(Optional.of(rules)))
        .ifPresent(firewall::apply);
    changed.server().ifPresent(this::changeServer);
    new LiveRecord(changed.steps().size(), true, tree).write(folders.live(changed.network()));
  }

  private void changeServer(NetworkStep.Serve step) {
    DnsmasqServer server = servers.get(step.network());
    if (server == null) {
      start(step);
    } else {
      server.change(step.dnsmasq());
    }
  }

  @Override
  public void start(NetworkStep.Serve step) {
    DnsmasqServer server = server(step);
    server.start();
    servers.put(step.network(), server);
  }

  private DnsmasqServer server(NetworkStep.Serve step) {
    String network = step.network();
    return new DnsmasqServer(
        network, step.dnsmasq(), spawner, clock, detail -> teller.tell(network, "server", detail));
  }

  @Override
  public void stop(NetworkStep.Serve step) {
    DnsmasqServer server = servers.remove(step.network());
    if (server == null) {
      server = new DnsmasqServer(step.network(), step.dnsmasq(), spawner, clock, detail -> {});
    }
    server.stop();
    synchronized (knownLeases) {
      knownLeases.remove(step.network());
    }
  }

  /** Forgets the leases of a network that is no more; of one that runs, the file is in use. */
  void forget(String network, boolean runs) {
    try {
      if (!runs) {
        Files.deleteIfExists(folders.dnsmasq(network).leases());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the leases of network '" + network + "'", e);
    }
  }

  /** firewalld has forgotten its zones, by a reload or a restart. */
  private void protectAgain() {
    for (NetworkEntry.Live live : running.get()) {
      try {
        live.plan().firewall().ifPresent(firewall::apply);
        if (live.plan().firewall().isPresent()) {
          teller.tell(live.model().name(), "server", "firewall set again");
        }
      } catch (RuntimeException e) {
        LOG.log(
            Level.SEVERE,
            "network ''{0}'' lost its firewall zone: {1}",
            new Object[] {live.model().name(), e.getMessage()});
      }
    }
  }

  private void leasesChanged() {
    for (NetworkEntry.Live live : running.get()) {
      try {
        leasesChanged(live.model());
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "leases of network ''{0}'' cannot be read, ignoring: {1}",
            new Object[] {live.model().name(), e.getMessage()});
      }
    }
  }

  private void leasesChanged(Network network) throws IOException {
    Map<String, Lease> now = new HashMap<>();
    for (Lease lease :
        LeaseFile.read(folders.dnsmasq(network.name()).leases(), network, Instant.now())) {
      now.put(lease.address(), lease);
    }
    Map<String, Lease> before;
    synchronized (knownLeases) {
      before = knownLeases.getOrDefault(network.name(), Map.of());
      knownLeases.put(network.name(), now);
    }
    now.forEach((address, lease) -> {
      Lease old = before.get(address);
      if (old == null) {
        teller.tell(network.name(), "lease", words("added", lease));
      } else if (!old.equals(lease)) {
        teller.tell(network.name(), "lease", words("renewed", lease));
      }
    });
    before.forEach((address, lease) -> {
      if (!now.containsKey(address)) {
        teller.tell(network.name(), "lease", words("ended", lease));
      }
    });
  }

  private static String words(String what, Lease lease) {
    return (what + " " + lease.address() + " " + lease.mac() + " " + lease.hostname()).strip();
  }

  @Override
  public void close() {
    leaseWatch.close();
    clock.shutdownNow();
    servers.values().forEach(DnsmasqServer::letGo);
  }
}
