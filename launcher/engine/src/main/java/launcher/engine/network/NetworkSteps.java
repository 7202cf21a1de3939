package launcher.engine.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.schemas.network.Subnet;
import launcher.spawn.SpawnException;

/** Carries the steps of networks out, and takes them back. */
final class NetworkSteps {
  private static final Logger LOG = Logger.getLogger("launcher.network");

  private final HostTools tools;
  private final HostRoutes routes;
  private final Firewall firewall;
  private final Forwarding forwarding;
  private final BridgePorts ports;
  private final HostResolver resolver;
  private final Servers servers;

  /** Who runs the dnsmasq of each network. */
  interface Servers {
    /** Starts it. */
    void start(NetworkStep.Serve step);

    /** Ends it, if it runs. */
    void stop(NetworkStep.Serve step);
  }

  NetworkSteps(
      HostTools tools,
      HostRoutes routes,
      Firewall firewall,
      Forwarding forwarding,
      BridgePorts ports,
      HostResolver resolver,
      Servers servers) {
    this.tools = tools;
    this.routes = routes;
    this.firewall = firewall;
    this.forwarding = forwarding;
    this.ports = ports;
    this.resolver = resolver;
    this.servers = servers;
  }

  /** Carries one step out, in full or not at all. */
  void carryOut(NetworkStep step) {
    switch (step) {
      case NetworkStep.CheckRoutes(List<Subnet> subnets) -> routes.requireFree(subnets);
      case NetworkStep.RequireLinks links -> require(links);
      case NetworkStep.CreateBridge bridge -> create(bridge);
      case NetworkStep.SetKernel(var settings) -> KernelSettings.write(settings);
      case NetworkStep.Protect rules -> firewall.apply(rules);
      case NetworkStep.AddAddresses(String bridge, List<Subnet> addresses) ->
          tools.ipBatch(addresses.stream().map(a -> address(bridge, a)).toList());
      case NetworkStep.RaiseLink(String bridge) -> {
        tools.ipBatch(List.of("link set dev " + bridge + " up"));
        ports.plugAgain(bridge);
      }
      case NetworkStep.AddRoutes(String bridge, List<NetworkStep.StaticRoute> added) ->
          tools.ipBatch(added.stream().map(route -> route(bridge, route)).toList());
      case NetworkStep.ForwardPackets(String network, var families) ->
          forwarding.need(network, families);
      case NetworkStep.FillChecksums fill -> fillChecksums(fill);
      case NetworkStep.LimitTraffic limit -> TrafficLimit.put(tools, limit.limits());
      case NetworkStep.Serve server -> servers.start(server);
      case NetworkStep.RegisterDomain domain -> register(domain);
    }
  }

  /** Takes one step back, whether it was carried out or not; what goes with the bridge is left. */
  void undo(NetworkStep step) {
    switch (step) {
      case NetworkStep.CreateBridge bridge -> remove(bridge);
      case NetworkStep.Protect rules -> firewall.remove(rules);
      case NetworkStep.ForwardPackets(String network, var families) -> forwarding.release(network);
      case NetworkStep.Serve server -> servers.stop(server);
      case NetworkStep.CheckRoutes checked -> nothing();
      case NetworkStep.RequireLinks required -> nothing();
      case NetworkStep.SetKernel set -> nothing();
      case NetworkStep.AddAddresses added -> nothing();
      case NetworkStep.RaiseLink raised -> nothing();
      case NetworkStep.AddRoutes added -> nothing();
      case NetworkStep.FillChecksums filled -> nothing();
      case NetworkStep.RegisterDomain registered -> nothing();
      case NetworkStep.LimitTraffic limit -> TrafficLimit.remove(tools, limit.limits().device());
    }
  }

  void register(NetworkStep.RegisterDomain step) {
    long link = routes.link(step.bridge()).orElseThrow().number("ifindex", 0);
    resolver.register(step, link);
  }

  private static void nothing() {
    // goes with the bridge, or changed nothing
  }

  private void require(NetworkStep.RequireLinks step) {
    for (String name : step.links()) {
      JsonObject link =
          routes
              .link(name)
              .orElseThrow(() ->
                  new EngineException(
                      EngineException.Kind.FAILED, "the host has no interface '" + name + "'"));
      String kind = link.object("linkinfo").string("info_kind", "");
      if (step.bridge() && !kind.equals("bridge")) {
        throw new EngineException(
            EngineException.Kind.FAILED, "interface '" + name + "' is no bridge");
      }
    }
  }

  private void create(NetworkStep.CreateBridge step) {
    routes
        .link(step.bridge())
        .ifPresent(link -> {
          throw new EngineException(
              EngineException.Kind.FAILED,
              "interface '%s' is there already: remove it, or name another bridge"
                  .formatted(step.bridge()));
        });
    String mtu = step.mtu().map(size -> " mtu " + size).orElse("");
    // The kernel counts in hundredths of a second, and raises a delay of 0 to 2 s where STP is on.
    tools.ipBatch(
        List.of(
            "link add name %s address %s%s type bridge forward_delay %d stp_state %d"
                .formatted(
                    step.bridge(),
                    step.mac(),
                    mtu,
                    step.delay().toMillis() / 10,
                    step.stp() ? 1 : 0)));
    if (step.told()) {
      letPortsRest(step.bridge());
    }
  }

  /**
   * A bridge that filters by VLAN takes ports that learn nothing out of promiscuous mode (Linux,
   * br_manage_promisc), which is what the table of addresses is managed for.
   */
  private void letPortsRest(String bridge) {
    try {
      tools.ipBatch(List.of("link set dev " + bridge + " type bridge vlan_filtering 1"));
    } catch (SpawnException e) {
      LOG.log(
          Level.FINE,
          "this kernel''s bridges know no VLANs: ports of ''{0}'' hear every frame, ignoring",
          bridge);
    }
  }

  /** Removes the bridge only if it is the one that was made: its address tells. */
  private void remove(NetworkStep.CreateBridge step) {
    boolean ours =
        routes
            .link(step.bridge())
            .map(link -> link.string("address", "").toLowerCase(Locale.ROOT))
            .filter(step.mac().toLowerCase(Locale.ROOT)::equals)
            .isPresent();
    if (ours) {
      ports.remember(step.bridge());
      tools.ipBatch(List.of("link delete dev " + step.bridge()));
    }
  }

  /** Nobody else has this address: the test for duplicates would only hold dnsmasq up. */
  private static String address(String bridge, Subnet address) {
    String more = address.isIpv4() ? " broadcast +" : " nodad";
    return "address add " + address + more + " dev " + bridge;
  }

  private static String route(String bridge, NetworkStep.StaticRoute route) {
    String metric = route.metric().map(number -> " metric " + number).orElse("");
    return "route add %s via %s dev %s proto static%s"
        .formatted(route.to().network(), route.gateway(), bridge, metric);
  }

  private void fillChecksums(NetworkStep.FillChecksums step) {
    String bridge = step.bridge();
    List<String> lines = new ArrayList<>();
    if (!step.limited()) {
      lines.add("qdisc add dev " + bridge + " root handle 1: htb");
    }
    lines.add(
        "filter add dev %s prio 2 protocol ip parent 1: u32 match ip dport 68 ffff action csum ip and udp"
            .formatted(bridge));
    try {
      tools.tcBatch(lines);
    } catch (SpawnException e) {
      if (!step.limited()) {
        tools.tcBatch(List.of("qdisc delete dev " + bridge + " root"));
      }
      LOG.log(
          Level.FINE,
          "this kernel cannot fill in checksums on ''{0}'', which clients of this century do not need, ignoring",
          bridge);
    }
  }
}
