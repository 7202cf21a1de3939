package launcher.schemas.network;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import launcher.schemas.ModelElement;

/** Rules on addresses: families that agree, ranges and hosts inside their network. */
final class AddressRules {
  /** Largest sum of DHCP ranges; each address can cost memory of the server. */
  private static final BigInteger MOST_LEASES = BigInteger.valueOf(16_777_216);

  /** What dnsmasq takes for something else where the name of a host stands (dnsmasq(8), -G). */
  private static final Pattern NOT_A_HOST =
      Pattern.compile("ignore|infinite|[0-9]+[smhdw]?|[0-9.]+", Pattern.CASE_INSENSITIVE);

  private final Problems problems;
  private final Set<Ip.Family> served = EnumSet.noneOf(Ip.Family.class);

  AddressRules(Problems problems) {
    this.problems = problems;
  }

  void check(Network network) {
    network.ips().forEach(this::ip);
    network.routes().forEach(route -> route(network, route));
  }

  private void ip(Ip ip) {
    Subnet subnet = subnet(ip, ip.family(), ip::subnet).orElse(null);
    if (subnet == null) {
      return;
    }
    if (ip.localPtr()) {
      problems.attempt(ip, subnet::reverseZone);
    }
    ip.dhcp().ifPresent(dhcp -> dhcp(ip, subnet, dhcp));
  }

  private Optional<Subnet> subnet(ModelElement at, Ip.Family family, Supplier<Subnet> value) {
    Optional<Subnet> subnet = problems.attempt(at, value);
    boolean mask = at.element().has("netmask");
    problems.addIf(
        subnet.isPresent() && subnet.get().family() != family,
        at,
        "address '%s' is not of family '%s'"
            .formatted(at.element().attribute("address", ""), word(family)));
    problems.addIf(
        mask && family == Ip.Family.IPV6, at, "an IPv6 network says its length by 'prefix'");
    return subnet.filter(s -> s.family() == family);
  }

  private static String word(Ip.Family family) {
    return family.name().toLowerCase(Locale.ROOT);
  }

  private void dhcp(Ip ip, Subnet subnet, Dhcp dhcp) {
    if (!ip.servesDhcp()) {
      return;
    }
    problems.addIf(
        !served.add(ip.family()),
        dhcp,
        "a second 'dhcp' for family '%s': a network has one each".formatted(word(ip.family())));
    dhcp.ranges().forEach(range -> range(subnet, range));
    Map<String, Dhcp.Host> seen = new HashMap<>();
    dhcp.hosts().forEach(host -> host(subnet, host, seen));
  }

  private void range(Subnet subnet, Dhcp.Range range) {
    InetAddress start = inside(range, subnet, range.start()).orElse(null);
    InetAddress end = inside(range, subnet, range.end()).orElse(null);
    if (start == null || end == null) {
      return;
    }
    BigInteger count = Subnet.count(start, end);
    problems.addIf(
        count.signum() <= 0,
        range,
        "range runs backwards from '%s' to '%s'".formatted(range.start(), range.end()));
    problems.addIf(
        count.compareTo(MOST_LEASES) > 0,
        range,
        "range has more than " + MOST_LEASES + " addresses");
  }

  private Optional<InetAddress> inside(ModelElement at, Subnet subnet, String text) {
    Optional<InetAddress> address = problems.address(at, text);
    problems.addIf(
        address.isPresent() && !subnet.contains(address.get()),
        at,
        "'%s' lies outside of '%s'".formatted(text, subnet.network()));
    return address.filter(subnet::contains);
  }

  private void host(Subnet subnet, Dhcp.Host host, Map<String, Dhcp.Host> seen) {
    inside(host, subnet, host.ip()).ifPresent(a -> once(host, "ip", Subnet.text(a), seen));
    host.mac().ifPresent(mac -> once(host, "mac", mac.toLowerCase(Locale.ROOT), seen));
    host.id().ifPresent(id -> once(host, "id", id.toLowerCase(Locale.ROOT), seen));
    host.name().ifPresent(name -> name(host, name));
    if (subnet.isIpv4()) {
      problems.addIf(host.id().isPresent(), host, "'id' is for IPv6: an IPv4 host has a 'mac'");
      problems.addIf(
          host.mac().isEmpty() && host.name().isEmpty(), host, "'host' needs a 'mac' or a 'name'");
    } else {
      problems.addIf(host.mac().isPresent(), host, "'mac' is for IPv4: an IPv6 host has an 'id'");
      problems.addIf(
          host.id().isEmpty() && host.name().isEmpty(), host, "'host' needs an 'id' or a 'name'");
    }
  }

  private void once(Dhcp.Host host, String what, String value, Map<String, Dhcp.Host> seen) {
    Dhcp.Host first = seen.putIfAbsent(what + " " + value, host);
    if (first != null) {
      problems.add(
          host,
          "%s '%s' is reserved at line %d already".formatted(what, value, first.element().line()));
    }
  }

  private void name(Dhcp.Host host, String name) {
    problems.addIf(
        NOT_A_HOST.matcher(name).matches(),
        host,
        "dnsmasq would not take '" + name + "' for the name of a host");
  }

  private void route(Network network, Route route) {
    Subnet subnet = subnet(route, route.family(), route::subnet).orElse(null);
    InetAddress gateway = problems.address(route, route.gateway()).orElse(null);
    if (subnet == null || gateway == null) {
      return;
    }
    problems.addIf(
        !subnet.base().equals(subnet.address()),
        route,
        "'%s' is no network: '%s' is".formatted(subnet, subnet.network()));
    problems.addIf(
        network.ips(route.family()).noneMatch(ip -> reaches(ip, gateway)),
        route,
        "gateway '%s' lies in none of the network's addresses".formatted(route.gateway()));
  }

  private static boolean reaches(Ip ip, InetAddress gateway) {
    try {
      return ip.subnet().contains(gateway);
    } catch (IllegalArgumentException e) {
      // that address is a problem of its own
      return true;
    }
  }
}
