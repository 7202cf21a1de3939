package launcher.engine.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;
import launcher.schemas.network.Subnet;

/**
 * dnsmasq's own file of leases (dnsmasq(8), dhcp-leasefile): {@code expiry mac address name client}
 * for IPv4 and, after a line {@code duid}, {@code expiry iaid address name duid} for IPv6. Its
 * names come from guests, so whatever is no lease is passed over and no text is taken on trust.
 */
final class LeaseFile {
  /** Far more than any file of leases; a guest cannot make this program read for ever. */
  private static final long LARGEST = 64L << 20;

  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2})*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");

  /** Without a zone, which would be looked up among the host's interfaces. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  private static final String NONE = "*";

  private LeaseFile() {}

  /** The leases of a network that are not over. */
  static List<Lease> read(Path file, Network network, Instant now) throws IOException {
    if (!Files.exists(file) || Files.size(file) > LARGEST) {
      return List.of();
    }
    List<Lease> leases = new ArrayList<>();
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      lease(line, network).filter(lease -> !lease.isOver(now)).ifPresent(leases::add);
    }
    return leases;
  }

  private static Optional<Lease> lease(String line, Network network) {
    String[] words = line.split(" ", -1);
    if (words.length != 5
        || !words[0].matches("[0-9]{1,12}")
        || !ADDRESS.matcher(words[2]).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(words[2]);
      long seconds = Long.parseLong(words[0]);
      boolean ipv6 = address.getAddress().length == 16;
      return Optional.of(
          new Lease(
              seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds)),
              ipv6 ? macOf(words[4]) : known(words[1], HEX),
              ipv6 ? known(words[1], Pattern.compile("T?[0-9]{1,10}")) : "",
              withPrefix(address, network),
              known(words[3], NAME),
              known(words[4], HEX)));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  private static String known(String word, Pattern pattern) {
    return !word.equals(NONE) && pattern.matcher(word).matches() ? word : "";
  }

  private static String withPrefix(InetAddress address, Network network) {
    return network.ips().stream()
        .map(Ip::subnet)
        .filter(subnet -> subnet.contains(address))
        .map(subnet -> new Subnet(address, subnet.prefix()).toString())
        .findFirst()
        .orElse(Subnet.text(address));
  }

  /** The hardware address inside a DUID of kind 1 or 3 on Ethernet (RFC 8415, 11.2 and 11.4). */
  private static String macOf(String duid) {
    boolean timed = duid.matches("(?i)00:01:00:01(:[0-9a-f]{2}){10}");
    boolean plain = duid.matches("(?i)00:03:00:01(:[0-9a-f]{2}){6}");
    return timed || plain ? duid.substring(duid.length() - "00:00:00:00:00:00".length()) : "";
  }
}
