package launcher.schemas.network;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.schemas.XmlProblem;

/** What a schema cannot say: which parts of a network need, exclude or contain each other. */
final class NetworkRules {
  private final Problems problems;

  NetworkRules(String file) {
    this.problems = new Problems(file);
  }

  List<XmlProblem> check(Network network) {
    forward(network);
    bridge(network);
    new AddressRules(problems).check(network);
    network
        .domain()
        .filter(DnsDomain::register)
        .ifPresent(domain ->
            problems.addIf(
                network.ips().isEmpty() || !network.dns().enabled() || !network.mode().ownsBridge(),
                domain,
                "register='yes' needs a network that answers questions: with an address, and DNS not switched off"));
    dns(network.dns());
    portGroups(network);
    network.bandwidth().ifPresent(this::bandwidth);
    network.portGroups().forEach(group -> group.bandwidth().ifPresent(this::bandwidth));
    DnsmasqOptions.check(network, problems);
    return problems.all();
  }

  private void forward(Network network) {
    Forward forward = network.forward().orElse(null);
    if (forward == null) {
      return;
    }
    switch (forward.mode()) {
      case NONE, OPEN ->
          problems.addIf(
              !forward.interfaces().isEmpty(),
              forward,
              "forward mode '" + forward.mode().word() + "' has no interface to leave by");
      case NAT -> nat(forward.nat());
      case ROUTE -> {
        // any number of interfaces will do
      }
      case BRIDGE ->
          problems.addIf(
              network.bridge().name().isPresent() != forward.interfaces().isEmpty(),
              forward,
              "forward mode 'bridge' needs either the name of a bridge or interfaces for macvtap");
      case HOSTDEV -> {
        problems.addIf(
            forward.physicalFunction().isPresent() != forward.functions().isEmpty(),
            forward,
            "forward mode 'hostdev' needs either the card whose functions it hands out (pf) or addresses of devices");
        problems.addIf(
            network.bridge().name().isPresent() || !forward.interfaces().isEmpty(),
            forward,
            "forward mode 'hostdev' has neither a bridge nor interfaces");
      }
      case PRIVATE, VEPA, PASSTHROUGH -> {
        problems.addIf(
            forward.interfaces().isEmpty(),
            forward,
            "forward mode '" + forward.mode().word() + "' needs an interface of the host");
        problems.addIf(
            network.bridge().name().isPresent(),
            network.bridge(),
            "forward mode '" + forward.mode().word() + "' has no bridge");
      }
    }
    if (forward.mode() != Forward.Mode.HOSTDEV) {
      problems.addIf(
          forward.physicalFunction().isPresent() || !forward.functions().isEmpty(),
          forward,
          "devices are handed out by forward mode 'hostdev' only");
    }
    if (!forward.mode().ownsBridge()) {
      ownNothing(network, forward.mode());
    }
  }

  private void ownNothing(Network network, Forward.Mode mode) {
    String reason = "is not for forward mode '" + mode.word() + "': others own that network";
    network.ips().forEach(ip -> problems.add(ip, "'ip' " + reason));
    network.routes().forEach(route -> problems.add(route, "'route' " + reason));
    network.domain().ifPresent(domain -> problems.add(domain, "'domain' " + reason));
    problems.addIf(network.mtu().isPresent(), network, "'mtu' " + reason);
    problems.addIf(network.mac().isPresent(), network, "'mac' " + reason);
  }

  private void nat(Nat nat) {
    nat.addresses().ifPresent(range -> natAddresses(nat, range));
    problems.addIf(
        nat.firstPort() < 1 || nat.firstPort() > nat.lastPort(),
        nat,
        "ports run from %d to %d".formatted(nat.firstPort(), nat.lastPort()));
  }

  private void natAddresses(Nat nat, Nat.Addresses range) {
    InetAddress start = problems.address(range, range.start()).orElse(null);
    InetAddress end = problems.address(range, range.end()).orElse(null);
    if (start == null || end == null) {
      return;
    }
    boolean ipv6 = start.getAddress().length == 16;
    problems.addIf(
        start.getAddress().length != end.getAddress().length
            || Subnet.count(start, end).signum() <= 0,
        range,
        "addresses run from '%s' to '%s'".formatted(range.start(), range.end()));
    problems.addIf(
        ipv6 && !nat.translatesIpv6(), range, "an IPv6 address to translate to needs ipv6='yes'");
  }

  private void bridge(Network network) {
    long millis = network.bridge().forwardDelay().toMillis();
    problems.addIf(millis > 30_000, network.bridge(), "delay is more than the kernel's 30 seconds");
  }

  private void dns(Dns dns) {
    for (Dns.Forwarder forwarder : dns.forwarders()) {
      problems.addIf(
          forwarder.domain().isEmpty() && forwarder.address().isEmpty(),
          forwarder,
          "'forwarder' needs 'addr', 'domain' or both");
      forwarder.address().ifPresent(address -> problems.address(forwarder, address));
    }
    for (Dns.Host host : dns.hosts()) {
      problems.address(host, host.ip());
    }
    for (Dns.Srv srv : dns.services()) {
      boolean details =
          srv.port().isPresent() || srv.priority().isPresent() || srv.weight().isPresent();
      problems.addIf(
          details && srv.target().isEmpty(),
          srv,
          "'port', 'priority' and 'weight' of 'srv' need a 'target'");
    }
  }

  private void portGroups(Network network) {
    Set<String> names = new HashSet<>();
    boolean chosen = false;
    for (PortGroup group : network.portGroups()) {
      problems.addIf(
          !names.add(group.name()), group, "portgroup '" + group.name() + "' is there twice");
      problems.addIf(chosen && group.isDefault(), group, "a second portgroup is the default");
      chosen |= group.isDefault();
    }
  }

  private void bandwidth(Bandwidth bandwidth) {
    bandwidth.inbound().ifPresent(limit -> limit("inbound", limit));
    bandwidth.outbound().ifPresent(limit -> limit("outbound", limit));
  }

  private void limit(String direction, Bandwidth.Limit limit) {
    problems.addIf(
        limit.floor().isPresent(),
        limit,
        "'floor' is not kept here: no rate is reserved, 'average' and 'peak' are limits");
    problems.addIf(
        limit.average().orElse(0L) < 1, limit, "'" + direction + "' needs an 'average' above 0");
  }
}
