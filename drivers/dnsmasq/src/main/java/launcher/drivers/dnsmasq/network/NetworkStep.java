package launcher.drivers.dnsmasq.network;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import launcher.drivers.dnsmasq.DnsmasqPlan;
import launcher.drivers.plan.LinkStep;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Subnet;

/**
 * One step of starting a network, as plain data. Each has a name for messages; the engine knows how
 * to do it and, backwards, how to undo it, whether it was done in full, in part or not at all.
 */
public sealed interface NetworkStep {
  /** What messages call it: {@code Failed at step 'create bridge' …}. */
  String title();

  /** Refuses a network whose addresses the host reaches elsewhere already. */
  record CheckRoutes(List<Subnet> subnets) implements NetworkStep {
    public CheckRoutes {
      subnets = List.copyOf(subnets);
    }

    @Override
    public String title() {
      return "check routes";
    }
  }

  /** Refuses a network on interfaces of the host that are not there. */
  record RequireLinks(List<String> links, boolean bridge) implements NetworkStep {
    public RequireLinks {
      links = List.copyOf(links);
    }

    @Override
    public String title() {
      return "find interface";
    }
  }

  /**
   * Makes the bridge.
   *
   * @param mtu largest packet in bytes, none for the kernel's own
   * @param delay how long a new port waits before it forwards
   * @param told whether it is told its guests' addresses, and need not hear every frame to learn
   */
  record CreateBridge(
      String bridge, String mac, Optional<Integer> mtu, boolean stp, Duration delay, boolean told)
      implements NetworkStep {
    @Override
    public String title() {
      return "create bridge";
    }
  }

  /**
   * Writes settings of the kernel that go away with the bridge.
   *
   * @param settings path below {@code /proc/sys} to value; a setting the kernel lacks is passed
   *     over
   */
  record SetKernel(SortedMap<String, String> settings) implements NetworkStep {
    @Override
    public String title() {
      return "set kernel";
    }
  }

  /**
   * Puts the network's packet rules in place.
   *
   * @param table none for a network that has no rules of launcher's
   * @param zone firewalld's zone for the bridge, where firewalld runs
   * @param demanded whether the zone was asked for by name, so that firewalld has to be there
   */
  record Protect(String bridge, Optional<NftTable> table, Optional<String> zone, boolean demanded)
      implements NetworkStep {
    @Override
    public String title() {
      return "set firewall";
    }
  }

  /** Gives the host its addresses on the bridge. */
  record AddAddresses(String bridge, List<Subnet> addresses) implements NetworkStep {
    public AddAddresses {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String title() {
      return "add addresses";
    }
  }

  /** Switches the bridge on. */
  record RaiseLink(String bridge) implements NetworkStep {
    @Override
    public String title() {
      return "raise link";
    }
  }

  /**
   * One route to a network behind a guest.
   *
   * @param metric the lowest is taken first
   */
  record StaticRoute(Subnet to, String gateway, Optional<Integer> metric) {}

  /** Adds the routes to networks behind guests. */
  record AddRoutes(String bridge, List<StaticRoute> routes) implements NetworkStep {
    public AddRoutes {
      routes = List.copyOf(routes);
    }

    @Override
    public String title() {
      return "add routes";
    }
  }

  /** Has the host forward packets, and remembers whether it did before. */
  record ForwardPackets(String network, Set<Ip.Family> families) implements NetworkStep {
    public ForwardPackets {
      families = Set.copyOf(families);
    }

    @Override
    public String title() {
      return "forward packets";
    }
  }

  /**
   * Has the kernel fill in checksums of DHCP answers, which old clients insist on.
   *
   * @param limited whether the bridge's traffic is limited already, so that it has a queue to hang
   *     this on
   */
  record FillChecksums(String bridge, boolean limited) implements NetworkStep {
    @Override
    public String title() {
      return "fill checksums";
    }
  }

  /** Limits the traffic of the whole bridge. */
  record LimitTraffic(LinkStep.LimitTraffic limits) implements NetworkStep {
    @Override
    public String title() {
      return "limit bandwidth";
    }
  }

  /**
   * Tells the host's own resolver who knows the names of the network's guests.
   *
   * @param servers the host's addresses on the bridge, where its server answers
   */
  record RegisterDomain(String bridge, String domain, List<Subnet> servers) implements NetworkStep {
    public RegisterDomain {
      servers = List.copyOf(servers);
    }

    @Override
    public String title() {
      return "register domain";
    }
  }

  /** Writes dnsmasq's files and starts it. */
  record Serve(String network, String bridge, DnsmasqPlan dnsmasq) implements NetworkStep {
    @Override
    public String title() {
      return "start dnsmasq";
    }
  }
}
