package launcher.drivers.lxc;

import java.util.Optional;
import launcher.schemas.XmlElement;

/**
 * {@code <ip>}: an address of a link.
 *
 * @param prefix length of its network in bits
 * @param peer the other end's address, on a link from point to point
 */
record LinkAddress(String address, boolean six, int prefix, Optional<String> peer) {
  static LinkAddress of(XmlElement ip) {
    String address = ip.attribute("address", "");
    boolean six = ip.attribute("family", "").equals("ipv6") || address.contains(":");
    int usual = six ? 64 : classPrefix(address);
    int prefix = ip.attribute("prefix").map(p -> Integer.parseInt(p.strip())).orElse(usual);
    return new LinkAddress(address, six, prefix, ip.attribute("peer"));
  }

  /** The network's length by the address's class (RFC 791), as libvirt takes it. */
  private static int classPrefix(String address) {
    int first = Integer.parseInt(address.split("\\.", 2)[0]);
    return first < 128 ? 8 : first < 192 ? 16 : 24;
  }

  /** {@code ipv4} or {@code ipv6}. */
  String family() {
    return six ? "ipv6" : "ipv4";
  }

  /** As LXC's configuration wants it; it would compute a wrong broadcast address itself. */
  String withBroadcast() {
    String network = address + "/" + prefix;
    return six || prefix > 30 ? network : network + " " + broadcast();
  }

  private String broadcast() {
    long bits = 0;
    for (String part : address.split("\\.")) {
      bits = (bits << 8) | Integer.parseInt(part);
    }
    bits |= (1L << (32 - prefix)) - 1;
    return (bits >> 24)
        + "."
        + ((bits >> 16) & 255)
        + "."
        + ((bits >> 8) & 255)
        + "."
        + (bits & 255);
  }

  /** For ip(8) in batch mode. */
  String command(String device) {
    return peer.map(p -> "addr add " + address + " peer " + p + "/" + prefix + " dev " + device)
        .orElse("addr add " + address + "/" + prefix + " dev " + device);
  }
}
