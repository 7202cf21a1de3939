package launcher.engine.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import launcher.drivers.dnsmasq.network.NftTable;
import launcher.drivers.qemu.json.JsonObject;
import launcher.schemas.network.Ip;

/**
 * Looks for packet rules of other tools that would eat a network's packets. A packet has to be
 * accepted by every chain that judges it, so nothing of launcher's can overrule them: they are only
 * read, and what to do about them is said.
 */
final class ForeignFirewalls {
  /** What the host serves to guests, as an expression of nftables. */
  private static final String SERVED = "meta l4proto { tcp, udp } th dport { 53, 67, 69, 547 }";

  private static final String DHCP_PORT = "67";

  private final Packets packets;
  private final List<JsonObject> chains;
  private final List<JsonObject> rules;
  private final Set<String> names;

  /**
   * What packets a network has.
   *
   * @param bridge its bridge
   * @param families the families of its addresses
   * @param forwarded whether packets are forwarded: routed, or between guests by a bridge that asks
   *     the packet rules
   * @param served whether the host's dnsmasq serves it
   */
  record Packets(String bridge, Set<Ip.Family> families, boolean forwarded, boolean served) {
    Packets {
      families = Set.copyOf(families);
    }
  }

  private ForeignFirewalls(Packets packets, List<JsonObject> ruleset) {
    this.packets = packets;
    chains = ruleset.stream().map(o -> o.object("chain")).filter(c -> c.has("name")).toList();
    rules = ruleset.stream().map(o -> o.object("rule")).filter(r -> r.has("chain")).toList();
    names = chains.stream().map(c -> c.string("name", "")).collect(Collectors.toSet());
  }

  /**
   * What stands in the way of a network's packets, in words.
   *
   * @param ruleset objects of {@code nft -j list ruleset}
   */
  static List<String> inTheWayOf(Packets packets, List<JsonObject> ruleset) {
    return new ForeignFirewalls(packets, ruleset).found();
  }

  private List<String> found() {
    List<String> warnings = new ArrayList<>();
    for (JsonObject chain : chains) {
      String hook = chain.string("hook", "");
      boolean judges =
          hook.equals("forward") && packets.forwarded() || hook.equals("input") && packets.served();
      if (judges && concerns(chain) && !own(chain) && drops(chain) && !letsThrough(chain, hook)) {
        warnings.add(warning(chain, hook));
      }
    }
    return warnings;
  }

  private boolean concerns(JsonObject chain) {
    return switch (chain.string("family", "")) {
      case "ip" -> packets.families().contains(Ip.Family.IPV4);
      case "ip6" -> packets.families().contains(Ip.Family.IPV6);
      case "inet", "bridge" -> true;
      default -> false;
    };
  }

  private static boolean own(JsonObject chain) {
    String table = chain.string("table", "");
    // firewalld is asked over D-Bus to let the bridge through
    return table.startsWith(NftTable.PREFIX) || table.equals("firewalld");
  }

  /** By its policy, or by a rule of its own that asks for nothing. */
  private boolean drops(JsonObject chain) {
    return chain.string("policy", "").equals("drop")
        || rules.stream()
            .filter(rule -> sameTable(rule, chain))
            .filter(rule -> rule.string("chain", "").equals(chain.string("name", "")))
            .anyMatch(ForeignFirewalls::refusesEverything);
  }

  private static boolean refusesEverything(JsonObject rule) {
    List<JsonObject> parts = rule.objects("expr");
    return parts.stream().anyMatch(ForeignFirewalls::refuses)
        && parts.stream().allMatch(part -> part.has("counter") || refuses(part));
  }

  private static boolean refuses(JsonObject part) {
    return part.has("drop")
        || part.has("reject")
        || part.object("xt").string("name", "").equals("REJECT");
  }

  private static boolean sameTable(JsonObject rule, JsonObject chain) {
    return rule.string("table", "").equals(chain.string("table", ""))
        && rule.string("family", "").equals(chain.string("family", ""));
  }

  /** Whether a rule of that table lets the bridge's packets by: somebody has thought of it. */
  private boolean letsThrough(JsonObject chain, String hook) {
    return rules.stream()
        .filter(rule -> sameTable(rule, chain))
        .filter(rule -> rule.objects("expr").stream().noneMatch(ForeignFirewalls::refuses))
        .anyMatch(rule ->
            namesBridge(rule) || hook.equals("input") && rule.toString().contains(DHCP_PORT));
  }

  private boolean namesBridge(JsonObject rule) {
    return rule.objects("expr").stream()
        .map(part -> part.object("match"))
        .filter(match -> match.object("left").object("meta").string("key", "").endsWith("ifname"))
        .map(match -> match.string("right"))
        .flatMap(Optional::stream)
        .anyMatch(this::isBridge);
  }

  private boolean isBridge(String pattern) {
    return pattern.endsWith("*")
        ? packets.bridge().startsWith(pattern.substring(0, pattern.length() - 1))
        : packets.bridge().equals(pattern);
  }

  private String warning(JsonObject chain, String hook) {
    boolean input = hook.equals("input");
    return "chain '%s' of table '%s %s'%s drops %s that nobody lets through: %s"
        .formatted(
            chain.string("name", ""),
            chain.string("family", ""),
            chain.string("table", ""),
            owner(),
            input ? "what guests ask of the host (DHCP, DNS)" : "packets from and to guests",
            input ? letIn(chain) : letThrough(chain));
  }

  private String owner() {
    if (names.contains("DOCKER-USER")) {
      return " (Docker's)";
    }
    return names.contains("ufw-user-forward") ? " (ufw's)" : "";
  }

  private String letThrough(JsonObject chain) {
    String bridge = packets.bridge();
    if (names.contains("ufw-user-forward")) {
      return "ufw route allow in on " + bridge + "; ufw route allow out on " + bridge;
    }
    boolean docker = names.contains("DOCKER-USER") && chain.string("name", "").equals("FORWARD");
    String insert = insert(chain, docker ? "DOCKER-USER" : chain.string("name", "forward"));
    return "%s iifname %s accept; %s oifname %s accept".formatted(insert, bridge, insert, bridge);
  }

  private String letIn(JsonObject chain) {
    if (names.contains("ufw-user-input")) {
      return "ufw allow in on %1$s to any port 53; ufw allow in on %1$s to any port 67 proto udp"
          .formatted(packets.bridge());
    }
    return "%s iifname %s %s accept"
        .formatted(insert(chain, chain.string("name", "input")), packets.bridge(), SERVED);
  }

  private static String insert(JsonObject chain, String into) {
    return "nft insert rule %s %s %s"
        .formatted(chain.string("family", "ip"), chain.string("table", "filter"), into);
  }
}
