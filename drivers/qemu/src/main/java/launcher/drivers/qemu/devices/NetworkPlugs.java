package launcher.drivers.qemu.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.plan.NetworkPorts;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.hostdev.PciSources;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;

/** Plugs cards into the networks that a host profile describes. */
public final class NetworkPlugs {
  private NetworkPlugs() {}

  /** What is not described is left open: a card of a network is a tap, whatever its bridge. */
  public static void plug(Draft draft) {
    for (XmlElement card : draft.devices("interface")) {
      Optional<Network> network =
          card.is("type", "network")
              ? draft.host().networks().find(card.value("source/@network", ""))
              : Optional.empty();
      network.ifPresent(found -> plug(draft, card, found));
    }
  }

  private static void plug(Draft draft, XmlElement card, Network network) {
    Optional<String> function = free(draft, network);
    if (network.mode() == Forward.Mode.HOSTDEV && function.isEmpty()) {
      draft.refuse(
          card,
          "network '%s' names no device (forward/address) that another card has not"
              .formatted(network.name()));
      return;
    }
    NetworkPorts.plug(card, network, NetworkPlugs::link, pool -> function.orElse(""))
        .ifPresent(problem -> draft.refuse(card, problem));
  }

  private static String link(Network network) {
    return network.forward().map(Forward::interfaces).orElse(List.of()).stream()
        .findFirst()
        .orElse("");
  }

  private static Optional<String> free(Draft draft, Network network) {
    Set<String> taken = new HashSet<>();
    for (String kind : List.of("hostdev", "interface", "disk")) {
      draft.devices(kind).forEach(device -> PciSources.address(device).ifPresent(taken::add));
    }
    return network.forward().map(Forward::functions).orElse(List.of()).stream()
        .filter(address -> !taken.contains(address))
        .findFirst();
  }
}
