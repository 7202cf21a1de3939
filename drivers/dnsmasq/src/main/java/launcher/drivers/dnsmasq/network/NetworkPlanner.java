package launcher.drivers.dnsmasq.network;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import launcher.drivers.dnsmasq.DnsmasqDriver;
import launcher.drivers.dnsmasq.DnsmasqException;
import launcher.drivers.dnsmasq.DnsmasqFiles;
import launcher.drivers.plan.BandwidthLimits;
import launcher.drivers.plan.LinkStep;
import launcher.schemas.network.DnsDomain;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;
import launcher.schemas.network.Route;
import launcher.schemas.network.Subnet;
import launcher.spawn.Identity;

/**
 * Makes the plan of a network; touches nothing, and gives the same plan for the same input.
 *
 * @param dnsmasq the program
 * @param server whom dnsmasq runs as
 */
public record NetworkPlanner(Path dnsmasq, Identity server) {

  /**
   * The plan of a network.
   *
   * @param network completed: a bridge of its own has a name and a hardware address
   * @throws DnsmasqException when a value of the network cannot be said to dnsmasq
   */
  public NetworkPlan plan(Network network, DnsmasqFiles files) {
    return network.mode().ownsBridge()
        ? new NetworkPlan(network.name(), network.bridge().name(), own(network, files))
        : new NetworkPlan(network.name(), network.bridge().name(), others(network));
  }

  private static List<NetworkStep> others(Network network) {
    List<String> links =
        Stream.concat(
                network.bridge().name().stream(),
                network.forward().stream().flatMap(forward -> forward.interfaces().stream()))
            .toList();
    return List.of(new NetworkStep.RequireLinks(links, network.bridge().name().isPresent()));
  }

  private List<NetworkStep> own(Network network, DnsmasqFiles files) {
    String bridge =
        network
            .bridge()
            .name()
            .orElseThrow(() ->
                new IllegalArgumentException("network '" + network.name() + "' has no bridge"));
    List<NetworkStep> steps = new ArrayList<>();
    checkRoutes(network).ifPresent(steps::add);
    steps.add(createBridge(network, bridge));
    steps.add(setKernel(network, bridge));
    protect(network, bridge).ifPresent(steps::add);
    addAddresses(network, bridge).ifPresent(steps::add);
    steps.add(new NetworkStep.RaiseLink(bridge));
    addRoutes(network, bridge).ifPresent(steps::add);
    forwardPackets(network).ifPresent(steps::add);
    Optional<LinkStep.LimitTraffic> limits = BandwidthLimits.ofPort(network.element(), bridge);
    limits.map(NetworkStep.LimitTraffic::new).ifPresent(steps::add);
    fillChecksums(network, bridge, limits.flatMap(LinkStep.LimitTraffic::sent).isPresent())
        .ifPresent(steps::add);
    serve(network, bridge, files).ifPresent(steps::add);
    network
        .domain()
        .filter(DnsDomain::register)
        .map(domain ->
            new NetworkStep.RegisterDomain(
                bridge, domain.name(), network.ips().stream().map(Ip::subnet).toList()))
        .ifPresent(steps::add);
    return steps;
  }

  private static Optional<NetworkStep> checkRoutes(Network network) {
    List<Subnet> subnets =
        Stream.concat(
                network.ips().stream().map(Ip::subnet),
                network.routes().stream().map(Route::subnet))
            .toList();
    return subnets.isEmpty() ? Optional.empty() : Optional.of(new NetworkStep.CheckRoutes(subnets));
  }

  private static NetworkStep createBridge(Network network, String bridge) {
    String mac =
        network
            .mac()
            .orElseThrow(
                () -> new IllegalArgumentException("network '" + network.name() + "' has no mac"));
    return new NetworkStep.CreateBridge(
        bridge,
        mac,
        network.mtu(),
        network.bridge().stp(),
        network.bridge().forwardDelay(),
        network.bridge().managesMacTable());
  }

  /** The bridge speaks IPv6 only where the network does, and never learns addresses from guests. */
  private static NetworkStep setKernel(Network network, String bridge) {
    String folder = "net/ipv6/conf/" + bridge + "/";
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put(folder + "disable_ipv6", network.has(Ip.Family.IPV6) ? "0" : "1");
    settings.put(folder + "accept_ra", "0");
    settings.put(folder + "autoconf", "0");
    return new NetworkStep.SetKernel(settings);
  }

  private static Optional<NetworkStep> protect(Network network, String bridge) {
    Optional<NftTable> table =
        Zones.hasRules(network) ? Optional.of(NftTable.of(network, bridge)) : Optional.empty();
    Optional<String> zone = Zones.of(network);
    if (table.isEmpty() && zone.isEmpty()) {
      return Optional.empty();
    }
    boolean demanded = network.bridge().zone().isPresent();
    return Optional.of(new NetworkStep.Protect(bridge, table, zone, demanded));
  }

  private static Optional<NetworkStep> addAddresses(Network network, String bridge) {
    List<Subnet> addresses = network.ips().stream().map(Ip::subnet).toList();
    return addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(new NetworkStep.AddAddresses(bridge, addresses));
  }

  private static Optional<NetworkStep> addRoutes(Network network, String bridge) {
    List<NetworkStep.StaticRoute> routes =
        network.routes().stream()
            .map(r -> new NetworkStep.StaticRoute(r.subnet(), r.gateway(), r.metric()))
            .toList();
    return routes.isEmpty()
        ? Optional.empty()
        : Optional.of(new NetworkStep.AddRoutes(bridge, routes));
  }

  private static Optional<NetworkStep> forwardPackets(Network network) {
    Set<Ip.Family> families = EnumSet.noneOf(Ip.Family.class);
    network.ips().forEach(ip -> families.add(ip.family()));
    return network.mode().routes() && !families.isEmpty()
        ? Optional.of(new NetworkStep.ForwardPackets(network.name(), families))
        : Optional.empty();
  }

  private static Optional<NetworkStep> fillChecksums(
      Network network, String bridge, boolean limited) {
    return network.ips(Ip.Family.IPV4).anyMatch(Ip::servesDhcp)
        ? Optional.of(new NetworkStep.FillChecksums(bridge, limited))
        : Optional.empty();
  }

  private Optional<NetworkStep> serve(Network network, String bridge, DnsmasqFiles files) {
    return DnsmasqDriver.serves(network)
        ? Optional.of(
            new NetworkStep.Serve(
                network.name(), bridge, DnsmasqDriver.plan(network, dnsmasq, files, server)))
        : Optional.empty();
  }
}
