package launcher.engine.network;

import java.net.InetAddress;
import java.util.List;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.engine.EngineException;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import launcher.schemas.network.Subnet;

/**
 * The host's own resolver, systemd-resolved (org.freedesktop.resolve1(5)): told that questions
 * about a network's domain are for the network's server. It forgets that with the bridge.
 */
final class HostResolver {
  private static final String SERVICE = "org.freedesktop.resolve1";

  /** {@code AF_INET} and {@code AF_INET6} of Linux. */
  private static final int IPV4 = 2;

  private static final int IPV6 = 10;

  private final SystemBus bus;

  HostResolver(SystemBus bus) {
    this.bus = bus;
  }

  /**
   * Registers a domain.
   *
   * @param link number of the bridge
   * @throws EngineException when it cannot be done
   */
  void register(NetworkStep.RegisterDomain step, long link) {
    try {
      call("SetLinkDNS", "ia(iay)", (int) link, servers(step.servers()));
      // for routing only: names without a domain do not get this one
      Object[] domains = {new Object[] {step.domain(), true}};
      call("SetLinkDomains", "ia(sb)", (int) link, domains);
    } catch (BusException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "domain '%s' is to be registered with systemd-resolved, which does not take it (%s): start it, or leave register='yes' out"
              .formatted(step.domain(), e.getMessage()),
          e);
    }
  }

  private static Object[] servers(List<Subnet> addresses) {
    return addresses.stream()
        .map(subnet -> {
          InetAddress address = subnet.address();
          return new Object[] {subnet.isIpv4() ? IPV4 : IPV6, address.getAddress()};
        })
        .toArray();
  }

  private void call(String method, String signature, Object... arguments) {
    bus.call(
        SERVICE, "/org/freedesktop/resolve1", SERVICE + ".Manager", method, signature, arguments);
  }
}
