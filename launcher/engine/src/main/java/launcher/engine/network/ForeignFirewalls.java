package launcher.engine.network;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.dnsmasq.network.NftTable;
import launcher.drivers.qemu.json.JsonObject;

/**
 * Looks for packet rules of other tools that would eat a network's forwarded packets. A packet has
 * to be accepted by every chain that judges it, so nothing of launcher's can overrule them: they
 * are only read, and what to do about them is said.
 */
final class ForeignFirewalls {
  private ForeignFirewalls() {}

  /**
   * What stands in the way of a bridge's packets, in words.
   *
   * @param ruleset objects of {@code nft -j list ruleset}
   */
  static List<String> inTheWayOf(String bridge, List<JsonObject> ruleset) {
    List<String> warnings = new ArrayList<>();
    Set<String> chains = chains(ruleset);
    for (JsonObject object : ruleset) {
      JsonObject chain = object.object("chain");
      boolean drops =
          chain.string("hook", "").equals("forward") && chain.string("policy", "").equals("drop");
      if (drops && !own(chain) && !letsThrough(bridge, chain, ruleset)) {
        warnings.add(
            "chain '%s' of table '%s %s'%s drops what network packets nobody else accepts: %s"
                .formatted(
                    chain.string("name", ""),
                    chain.string("family", ""),
                    chain.string("table", ""),
                    owner(chains),
                    remedy(bridge, chain, chains)));
      }
    }
    return warnings;
  }

  private static boolean own(JsonObject chain) {
    String table = chain.string("table", "");
    // firewalld is asked over D-Bus to let the bridge through
    return table.startsWith(NftTable.PREFIX) || table.equals("firewalld");
  }

  private static Set<String> chains(List<JsonObject> ruleset) {
    Set<String> names = new HashSet<>();
    for (JsonObject object : ruleset) {
      String name = object.object("chain").string("name", "");
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether a rule of that table names the bridge: somebody has thought of it. */
  private static boolean letsThrough(String bridge, JsonObject chain, List<JsonObject> ruleset) {
    return ruleset.stream()
        .map(object -> object.object("rule"))
        .filter(rule -> rule.string("table", "").equals(chain.string("table", "")))
        .filter(rule -> rule.string("family", "").equals(chain.string("family", "")))
        .anyMatch(rule -> rule.toString().contains("right=" + bridge));
  }

  private static String owner(Set<String> chains) {
    if (chains.contains("DOCKER-USER")) {
      return " (Docker's)";
    }
    return chains.contains("ufw-user-forward") ? " (ufw's)" : "";
  }

  private static String remedy(String bridge, JsonObject chain, Set<String> chains) {
    String family = chain.string("family", "ip");
    String table = chain.string("table", "filter");
    if (chains.contains("DOCKER-USER")) {
      return both("nft insert rule " + family + " " + table + " DOCKER-USER", bridge);
    }
    if (chains.contains("ufw-user-forward")) {
      return "ufw route allow in on " + bridge + " && ufw route allow out on " + bridge;
    }
    return both(
        "nft insert rule " + family + " " + table + " " + chain.string("name", "forward"), bridge);
  }

  private static String both(String insert, String bridge) {
    return "%s iifname %s accept; %s oifname %s accept".formatted(insert, bridge, insert, bridge);
  }
}
