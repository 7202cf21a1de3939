package launcher.drivers.plan;

import java.util.Optional;
import java.util.function.Function;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;
import launcher.schemas.network.PortGroup;

/** What a card is that is plugged into a network: what the network says of it. */
public final class NetworkPorts {
  private NetworkPorts() {}

  /**
   * Says it in the card's tree.
   *
   * @param card an {@code interface} of type {@code network}
   * @param network the one that it names
   * @param link which of the host's interfaces a network without a bridge gives it
   * @param function which PCI device a network of mode {@code hostdev} gives it, as in {@code
   *     0000:01:10.2}
   * @return why it cannot be plugged in; empty when it is
   */
  public static Optional<String> plug(
      XmlElement card,
      Network network,
      Function<Network, String> link,
      Function<Network, String> function) {
    XmlElement source = card.childOrAdd("source");
    String asked = source.attribute("portgroup", "");
    Optional<PortGroup> group = group(network, asked);
    if (group.isEmpty() && !asked.isEmpty()) {
      return Optional.of("network '%s' has no portgroup '%s'".formatted(network.name(), asked));
    }
    if (network.mode() == Forward.Mode.HOSTDEV) {
      assign(card, network.forward().orElseThrow(), function.apply(network));
      return Optional.empty();
    }
    if (network.portsIsolated()) {
      card.childOrAdd("port").setDefault("isolated", "yes");
    }
    group
        .flatMap(PortGroup::bandwidth)
        .ifPresent(limits -> {
          if (!card.hasChild("bandwidth")) {
            card.add(limits.element().copy());
          }
        });
    network.mtu().ifPresent(size -> card.childOrAdd("mtu").setDefault("size", "" + size));
    if (network.bridge().name().isPresent()) {
      bridge(source, network);
    } else {
      source.set("dev", link.apply(network)).set("mode", network.mode().word());
    }
    return Optional.empty();
  }

  private static void bridge(XmlElement source, Network network) {
    source.set("bridge", network.bridge().name().orElse(""));
    if (network.bridge().managesMacTable()) {
      source.set("macTableManager", "libvirt");
    } else {
      source.unset("macTableManager");
    }
  }

  /** The group that the card asks for, else the network's default one. */
  private static Optional<PortGroup> group(Network network, String asked) {
    return network.portGroups().stream()
        .filter(group -> asked.isEmpty() ? group.isDefault() : group.name().equals(asked))
        .findFirst();
  }

  /** The card is a PCI device of the host from here on. */
  private static void assign(XmlElement card, Forward forward, String address) {
    String[] parts = address.split("[:.]");
    card.child("source").ifPresent(XmlElement::detach);
    card.set("type", "hostdev").set("managed", forward.managed() ? "yes" : "no");
    card.add("source")
        .add("address")
        .set("type", "pci")
        .set("domain", "0x" + parts[0])
        .set("bus", "0x" + parts[1])
        .set("slot", "0x" + parts[2])
        .set("function", "0x" + parts[3]);
    forward.driverModel().ifPresent(model -> card.childOrAdd("driver").set("model", model));
  }
}
