package launcher.engine.network;

import java.time.Instant;
import java.util.Optional;

/**
 * An address lent by DHCP.
 *
 * @param expiry when it ends; none for ever
 * @param mac hardware address of the client, empty where it is not known
 * @param iaid identity association of an IPv6 client, empty for IPv4
 * @param address the address, with the prefix of its network
 * @param hostname what the client calls itself, empty for nothing
 * @param client its identifier, or DUID, empty for none
 */
public record Lease(
    Optional<Instant> expiry,
    String mac,
    String iaid,
    String address,
    String hostname,
    String client) {
  /** Whether it is IPv6. */
  public boolean isIpv6() {
    return address.indexOf(':') >= 0;
  }

  /** Whether it is over. */
  public boolean isOver(Instant now) {
    return expiry.isPresent() && expiry.get().isBefore(now);
  }
}
