package launcher.engine.network;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Subnet;

/** What the host reaches already. */
final class HostRoutes {
  private final HostTools tools;

  HostRoutes(HostTools tools) {
    this.tools = tools;
  }

  /**
   * Refuses networks that the host has a route to.
   *
   * @throws EngineException naming the interface that is in the way
   */
  void requireFree(List<Subnet> subnets) {
    for (Subnet subnet : subnets) {
      Optional<String> taken = deviceOf(subnet);
      if (taken.isPresent()) {
        throw new EngineException(
            EngineException.Kind.FAILED,
            "network '%s' is in use already by interface '%s': choose other addresses, or free it"
                .formatted(subnet.network(), taken.get()));
      }
    }
  }

  /** The interface of a route to exactly that network; wider and narrower ones do no harm. */
  private Optional<String> deviceOf(Subnet subnet) {
    String family = subnet.isIpv4() ? "-4" : "-6";
    return tools.ip(family, "route", "show").stream()
        .filter(route -> same(route.string("dst", ""), subnet))
        .map(route -> route.string("dev", "?"))
        .findFirst();
  }

  private static boolean same(String destination, Subnet subnet) {
    if (destination.isEmpty() || destination.equals("default")) {
      return false;
    }
    Subnet other = Subnet.parse(destination);
    return other.family() == subnet.family()
        && other.prefix() == subnet.prefix()
        && other.base().equals(subnet.base());
  }

  /**
   * Interfaces whose default route came by router advertisement and would go if the host began to
   * forward (Linux: accept_ra=1 means no longer when forwarding).
   */
  List<String> defaultsByAdvertisement() {
    return tools.ip("-6", "route", "show", "default").stream()
        .filter(route -> route.string("protocol", "").toLowerCase(Locale.ROOT).equals("ra"))
        .map(route -> route.string("dev", ""))
        .filter(device -> !device.isEmpty())
        .distinct()
        .toList();
  }

  /** The family's word for {@code ip}. */
  static String option(Ip.Family family) {
    return switch (family) {
      case IPV4 -> "-4";
      case IPV6 -> "-6";
    };
  }

  /** The link of that name. */
  Optional<JsonObject> link(String name) {
    return tools.ip("link", "show").stream()
        .filter(link -> link.string("ifname", "").equals(name))
        .findFirst();
  }
}
