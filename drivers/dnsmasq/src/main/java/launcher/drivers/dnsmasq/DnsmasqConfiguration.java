package launcher.drivers.dnsmasq;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.schemas.network.Dhcp;
import launcher.schemas.network.Dns;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Ip;
import launcher.schemas.network.LeaseTime;
import launcher.schemas.network.Network;
import launcher.schemas.network.Subnet;

/** The configuration file of a network's dnsmasq (dnsmasq(8)). */
final class DnsmasqConfiguration {
  private final Network network;
  private final DnsmasqFiles files;
  private final String bridge;
  private final ConfigurationText text = new ConfigurationText();

  private DnsmasqConfiguration(Network network, DnsmasqFiles files) {
    this.network = network;
    this.files = files;
    this.bridge =
        network
            .bridge()
            .name()
            .orElseThrow(
                () -> new DnsmasqException("network '" + network.name() + "' has no bridge"));
  }

  /**
   * The text of the file.
   *
   * @param network completed: its bridge has a name
   * @throws DnsmasqException when a value cannot be one value of one line
   */
  static String of(Network network, DnsmasqFiles files) {
    DnsmasqConfiguration configuration = new DnsmasqConfiguration(network, files);
    configuration.write();
    return configuration.text.toString();
  }

  private void write() {
    text.comment("Written by launcher when network '" + network.name() + "' starts.");
    text.comment("Change the network instead: launcher net-edit");
    text.flag("strict-order");
    names();
    listening();
    records();
    tftp();
    addresses();
    network.dnsmasqOptions().forEach(text::raw);
  }

  private void names() {
    Dns dns = network.dns();
    if (!dns.enabled()) {
      text.set("port", "0");
    } else {
      forwarders(dns);
    }
    network
        .domain()
        .ifPresent(domain -> {
          if (domain.localOnly()) {
            text.set("local", "/" + domain.name() + "/");
          }
          text.set("domain", domain.name());
          text.flag("expand-hosts");
        });
    if (dns.enabled()) {
      network.ips().stream()
          .filter(Ip::localPtr)
          .forEach(ip -> text.set("local", "/" + ip.subnet().reverseZone() + "/"));
      if (!dns.forwardsPlainNames()) {
        text.flag("domain-needed");
        text.set("local", "//");
      }
    }
  }

  private void forwarders(Dns dns) {
    boolean forEverything = false;
    for (Dns.Forwarder forwarder : dns.forwarders()) {
      String domain = forwarder.domain().map(d -> "/" + d + "/").orElse("");
      text.set("server", domain + forwarder.address().orElse("#"));
      forEverything |= domain.isEmpty();
    }
    if (forEverything) {
      text.flag("no-resolv");
    }
  }

  private void listening() {
    text.set("except-interface", "lo");
    text.flag("bind-dynamic");
    text.set("interface", bridge);
    if (network.mode() == Forward.Mode.NONE) {
      // Guests of an isolated network must not be told a way out, nor have names asked outside.
      text.set("dhcp-option", "3");
      text.flag("no-resolv");
      text.set("ra-param", "*,0,0");
    }
  }

  private void records() {
    if (!network.dns().enabled()) {
      return;
    }
    for (Dns.Txt txt : network.dns().texts()) {
      text.set("txt-record", txt.name() + "," + ConfigurationText.value(txt.value()));
    }
    network.dns().services().forEach(srv -> text.set("srv-host", service(srv)));
  }

  private static String service(Dns.Srv srv) {
    String name = "_" + srv.service() + "._" + srv.protocol();
    String full = srv.domain().map(domain -> name + "." + domain).orElse(name);
    Optional<String> target = srv.target().filter(t -> !t.equals("."));
    if (target.isEmpty()) {
      return full;
    }
    List<String> parts = new ArrayList<>(List.of(full, target.get()));
    if (srv.port().isPresent() || srv.priority().isPresent() || srv.weight().isPresent()) {
      parts.add(srv.port().orElse(1).toString());
    }
    if (srv.priority().isPresent() || srv.weight().isPresent()) {
      parts.add(srv.priority().orElse(0).toString());
    }
    srv.weight().ifPresent(weight -> parts.add(weight.toString()));
    return String.join(",", parts);
  }

  private void tftp() {
    List<String> roots = network.ips(Ip.Family.IPV4).flatMap(ip -> ip.tftpRoot().stream()).toList();
    if (!roots.isEmpty()) {
      text.flag("enable-tftp");
      roots.forEach(root -> text.set("tftp-root", ConfigurationText.value(root)));
    }
  }

  private void addresses() {
    List<Ip> served = network.ips().stream().filter(Ip::servesDhcp).toList();
    served.forEach(this::dhcp);
    BigInteger most =
        served.stream()
            .flatMap(ip -> ip.dhcp().stream())
            .flatMap(dhcp -> dhcp.ranges().stream())
            .map(DnsmasqConfiguration::size)
            .reduce(BigInteger.ZERO, BigInteger::add);
    if (most.signum() > 0) {
      text.set("dhcp-lease-max", most.toString());
    }
    if (!served.isEmpty()) {
      text.set("dhcp-hostsfile", ConfigurationText.value(files.hosts().toString()));
    }
    if (network.dns().enabled()) {
      text.set("addn-hosts", ConfigurationText.value(files.names().toString()));
    }
    network.mtu().ifPresent(mtu -> text.set("dhcp-option", "option:mtu," + mtu));
    if (served.stream().anyMatch(ip -> ip.family() == Ip.Family.IPV6)) {
      text.flag("enable-ra");
    } else {
      network.ips(Ip.Family.IPV6).forEach(ip -> text.set("dhcp-range", ip.address() + ",ra-only"));
    }
  }

  private void dhcp(Ip ip) {
    Dhcp dhcp = ip.dhcp().orElseThrow();
    boolean ipv4 = ip.family() == Ip.Family.IPV4;
    String length = ipv4 ? ip.netmask() : Integer.toString(ip.subnet().prefix());
    for (Dhcp.Range range : dhcp.ranges()) {
      String lease = range.lease().map(l -> "," + time(l)).orElse("");
      text.set("dhcp-range", range.start() + "," + range.end() + "," + length + lease);
    }
    if (dhcp.ranges().isEmpty()) {
      text.set("dhcp-range", ip.address() + ",static" + (ipv4 ? "" : "," + length));
    }
    if (ipv4) {
      text.flag("dhcp-no-override");
      text.flag("dhcp-authoritative");
      dhcp.bootp().ifPresent(bootp -> text.set("dhcp-boot", boot(bootp)));
    }
  }

  private static String boot(Dhcp.Bootp bootp) {
    String file = ConfigurationText.value(bootp.file());
    return bootp.server().map(server -> file + ",," + server).orElse(file);
  }

  private static BigInteger size(Dhcp.Range range) {
    return Subnet.count(InetAddress.ofLiteral(range.start()), InetAddress.ofLiteral(range.end()));
  }

  /** A time as dnsmasq writes it: {@code 90s}, {@code 10m}, {@code infinite}. */
  static String time(LeaseTime lease) {
    if (lease.expiry() == 0) {
      return "infinite";
    }
    return lease.expiry() + lease.unit().name().substring(0, 1).toLowerCase(Locale.ROOT);
  }
}
