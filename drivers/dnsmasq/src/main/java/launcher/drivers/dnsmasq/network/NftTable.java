package launcher.drivers.dnsmasq.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Nat;
import launcher.schemas.network.Network;
import launcher.schemas.network.Subnet;

/**
 * The nftables table of one network: which packets pass its bridge and which source addresses are
 * translated. Each network has a table of its own, put in place whole and taken away whole, so that
 * no rule of anybody else is read or changed, ever.
 *
 * <p>A packet must be accepted by every table that sees it, so a table that lets everything of
 * other networks pass (policy accept) and judges only its own bridge composes with any other.
 *
 * @param name of the table, in family {@code inet}
 * @param text what {@code nft -f} reads to put it in place, replacing an older one, in one
 *     transaction
 */
public record NftTable(String name, String text) {

  /** Prefix of the names of all such tables. */
  public static final String PREFIX = "launcher_";

  /** The name of the table of a bridge. */
  public static String nameFor(String bridge) {
    return PREFIX + bridge;
  }

  /** What {@code nft -f} reads to take the table away, whether it is there or not. */
  public static String removal(String name) {
    return "add table inet %s\ndelete table inet %s\n".formatted(name, name);
  }

  /**
   * The table of a network.
   *
   * @param network of a mode that owns its bridge, but not {@code open}, which has no rules
   */
  public static NftTable of(Network network, String bridge) {
    String name = nameFor(bridge);
    List<String> forward = new ArrayList<>();
    List<String> translate = new ArrayList<>();
    Rules rules = new Rules(network, bridge);
    rules.forward(forward);
    rules.translate(translate);
    String chains =
        chain("forward", "type filter hook forward priority filter; policy accept;", forward)
            + (translate.isEmpty()
                ? ""
                : chain(
                    "translate",
                    "type nat hook postrouting priority srcnat; policy accept;",
                    translate));
    return new NftTable(name, removal(name) + "table inet " + name + " {\n" + chains + "}\n");
  }

  private static String chain(String name, String hook, List<String> rules) {
    return rules.stream()
        .map(rule -> "    " + rule + "\n")
        .collect(Collectors.joining("", "  chain " + name + " {\n    " + hook + "\n", "  }\n"));
  }

  /** The rules of a network, in the order they are read. */
  private static final class Rules {
    private final Network network;
    private final String from;
    private final String to;
    private final String leaving;
    private final String arriving;

    Rules(Network network, String bridge) {
      this.network = network;
      this.from = "iifname \"" + bridge + "\"";
      this.to = "oifname \"" + bridge + "\"";
      String outside =
          network.forward().map(Forward::interfaces).orElse(List.of()).stream()
              .map(device -> '"' + device + '"')
              .collect(Collectors.joining(", "));
      this.leaving = outside.isEmpty() ? "" : " oifname { " + outside + " }";
      this.arriving = outside.isEmpty() ? "" : " iifname { " + outside + " }";
    }

    void forward(List<String> rules) {
      rules.add(from + " " + to + " accept");
      if (network.mode().routes()) {
        for (Ip ip : network.ips()) {
          Subnet subnet = ip.subnet();
          String match = subnet.isIpv4() ? "ip" : "ip6";
          String answers = translates(ip) ? " ct state established,related" : "";
          rules.add("%s%s %s saddr %s accept".formatted(from, leaving, match, subnet.network()));
          rules.add(
              "%s%s %s daddr %s%s accept"
                  .formatted(to, arriving, match, subnet.network(), answers));
        }
      }
      rules.add(from + " reject");
      rules.add(to + " reject");
    }

    private boolean translates(Ip ip) {
      return network.mode() == Forward.Mode.NAT
          && (ip.family() == Ip.Family.IPV4
              || network.forward().map(Forward::natsIpv6).orElse(false));
    }

    void translate(List<String> rules) {
      network.ips().stream().filter(this::translates).forEach(ip -> translate(ip, rules));
    }

    private void translate(Ip ip, List<String> rules) {
      Subnet subnet = ip.subnet();
      String match = subnet.isIpv4() ? "ip" : "ip6";
      String inside = "%s saddr %s".formatted(match, subnet.network());
      String outward = "%s %s daddr != %s".formatted(inside, match, subnet.network());
      // What is for everybody on the link is not for the world outside.
      String everybody = subnet.isIpv4() ? "{ 224.0.0.0/24, 255.255.255.255 }" : "ff02::/16";
      rules.add("%s %s daddr %s return".formatted(inside, match, everybody));
      Nat nat = network.forward().orElseThrow().nat();
      String ports = ":%d-%d".formatted(nat.firstPort(), nat.lastPort());
      rules.add(
          "%s%s meta l4proto { tcp, udp } %s"
              .formatted(outward, leaving, verdict(nat, subnet, ports)));
      rules.add("%s%s %s".formatted(outward, leaving, verdict(nat, subnet, "")));
    }

    private static String verdict(Nat nat, Subnet subnet, String ports) {
      return nat.addresses()
          .filter(range -> Subnet.parse(range.start()).family() == subnet.family())
          .map(range -> "snat " + family(subnet) + " to " + addresses(range, subnet, ports) + ports)
          .orElseGet(() -> ports.isEmpty() ? "masquerade" : "masquerade to " + ports);
    }

    private static String family(Subnet subnet) {
      return subnet.isIpv4() ? "ip" : "ip6";
    }

    private static String addresses(Nat.Addresses range, Subnet subnet, String ports) {
      String open = subnet.isIpv4() || ports.isEmpty() ? "" : "[";
      String close = open.isEmpty() ? "" : "]";
      String first = open + range.start() + close;
      return range.start().equals(range.end()) ? first : first + "-" + open + range.end() + close;
    }
  }
}
