package launcher.drivers.dnsmasq;

import java.util.ArrayList;
import java.util.List;
import launcher.schemas.network.Dhcp;
import launcher.schemas.network.Dns;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;

/** The two files that dnsmasq reads again without being started again. */
final class HostFiles {
  private HostFiles() {}

  /** Reserved addresses, a line each, as option dhcp-host has them. */
  static String reservations(Network network) {
    ConfigurationText text = new ConfigurationText();
    for (Ip ip : network.ips()) {
      ip.dhcp()
          .ifPresent(
              dhcp -> dhcp.hosts().forEach(host -> text.raw(reservation(host, ip.family()))));
    }
    return text.toString();
  }

  private static String reservation(Dhcp.Host host, Ip.Family family) {
    List<String> parts = new ArrayList<>();
    switch (family) {
      case IPV4 -> {
        host.mac().ifPresent(parts::add);
        if (host.mac().isEmpty()) {
          host.name().ifPresent(parts::add);
        }
        parts.add(host.ip());
        if (host.mac().isPresent()) {
          host.name().ifPresent(parts::add);
        }
      }
      case IPV6 -> {
        host.id().ifPresent(id -> parts.add("id:" + id));
        host.name().ifPresent(parts::add);
        parts.add("[" + host.ip() + "]");
      }
    }
    host.lease().ifPresent(lease -> parts.add(DnsmasqConfiguration.time(lease)));
    return String.join(",", parts);
  }

  /** Names of addresses, in the form of hosts(5). */
  static String names(Network network) {
    ConfigurationText text = new ConfigurationText();
    for (Dns.Host host : network.dns().hosts()) {
      String line = host.ip() + " " + String.join(" ", host.names());
      text.raw(line);
    }
    return text.toString();
  }
}
