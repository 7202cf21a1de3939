package launcher.drivers.lxc;

import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * {@code <route>}: a way to other networks.
 *
 * @param prefix length of the network in bits
 * @param metric smaller is preferred
 */
record LinkRoute(String network, boolean six, int prefix, String gateway, Optional<String> metric) {
  static LinkRoute of(XmlElement route) {
    String network = route.attribute("address", "");
    boolean six = route.attribute("family", "").equals("ipv6") || network.contains(":");
    int prefix =
        route
            .attribute("prefix")
            .map(p -> Integer.parseInt(p.strip()))
            .or(() -> route.attribute("netmask").map(LinkRoute::bits))
            .orElse(isAny(network) ? 0 : six ? 64 : 24);
    Optional<String> metric = route.attribute("metric").map(String::strip);
    return new LinkRoute(network, six, prefix, route.attribute("gateway", ""), metric);
  }

  private static int bits(String netmask) {
    int bits = 0;
    for (String part : netmask.split("\\.")) {
      bits += Integer.bitCount(Integer.parseInt(part));
    }
    return bits;
  }

  private static boolean isAny(String address) {
    return address.equals("0.0.0.0") || address.equals("::");
  }

  /** Whether everything goes this way that has no other, and LXC can say so. */
  boolean isDefault() {
    return isAny(network) && prefix == 0 && metric.isEmpty();
  }

  /** {@code ipv4} or {@code ipv6}. */
  String family() {
    return six ? "ipv6" : "ipv4";
  }

  /** For ip(8) in batch mode; on-link, because a gateway may lie behind a peer. */
  String command(String device) {
    String to = prefix == 0 && isAny(network) ? "default" : network + "/" + prefix;
    String rest = metric.map(m -> " metric " + m).orElse("");
    return "route add " + to + " via " + gateway + " dev " + device + " onlink" + rest;
  }
}
