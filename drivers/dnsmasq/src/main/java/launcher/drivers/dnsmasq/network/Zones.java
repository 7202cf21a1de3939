package launcher.drivers.dnsmasq.network;

import java.util.Optional;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;

/**
 * The zones of firewalld that bridges are put into. Where firewalld runs, it judges every packet
 * besides the network's own table, so the zone has to let through what the table does.
 */
public final class Zones {
  /** Isolated and translated networks: guests reach the host's DHCP, DNS and TFTP only. */
  public static final String PLAIN = "launcher";

  /** Routed networks: packets go both ways. */
  public static final String ROUTED = "launcher-routed";

  /** Policy that lets packets out of routed networks. */
  public static final String ROUTED_OUT = "launcher-out";

  /** Policy that lets packets into routed networks. */
  public static final String ROUTED_IN = "launcher-in";

  /** Policy that keeps routed networks from the host, but for what a network serves. */
  public static final String TO_HOST = "launcher-to-host";

  private Zones() {}

  /** The zone of a network; none for an open one, which no rule of launcher's touches. */
  public static Optional<String> of(Network network) {
    Optional<String> asked = network.bridge().zone();
    if (asked.isPresent()) {
      return asked;
    }
    return switch (network.mode()) {
      case NONE, NAT -> Optional.of(PLAIN);
      case ROUTE -> Optional.of(ROUTED);
      case OPEN, BRIDGE, PRIVATE, VEPA, PASSTHROUGH, HOSTDEV -> Optional.empty();
    };
  }

  /** Whether the host's other interfaces are behind the network's own rules. */
  public static boolean hasRules(Network network) {
    return network.mode().ownsBridge() && network.mode() != Forward.Mode.OPEN;
  }
}
