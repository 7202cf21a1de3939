package launcher.engine.network;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;
import launcher.schemas.network.PortGroup;

/**
 * Says in a guest's tree what its network cards are plugged into on this run: the bridge or
 * interface of a network, what the network's port group says of the card, and the name of each
 * link.
 */
public final class LiveInterfaces {
  private static final Path LINKS = Path.of("/sys/class/net");

  /** Guests that start at once never ask for the same name, so numbers are not used again. */
  private static final AtomicInteger NEXT = new AtomicInteger();

  private LiveInterfaces() {}

  /**
   * Fills the cards of a guest in.
   *
   * @param domain the tree of this run
   * @param networks the running network of a name
   * @param functions a free PCI device of a network that hands them out
   * @throws EngineException when a network is not there or not active, or a card asks for what is
   *     not done on this host
   */
  public static void fill(
      XmlElement domain, Function<String, Network> networks, Function<Network, String> functions) {
    for (XmlElement card : domain.childOrAdd("devices").children("interface")) {
      fillOne(card, networks, functions);
    }
  }

  /**
   * Fills one card in.
   *
   * @throws EngineException as {@link #fill}
   */
  public static void fillOne(
      XmlElement card, Function<String, Network> networks, Function<Network, String> functions) {
    switch (card.attribute("type", "")) {
      case "network" -> {
        Network network = networks.apply(card.value("source/@network", ""));
        if (network.mode() == Forward.Mode.HOSTDEV) {
          assign(card, network.forward().orElseThrow(), functions.apply(network));
        } else {
          resolve(card, network);
          name(card, card.value("source/@dev").isPresent() ? "macvtap" : "vnet");
        }
      }
      case "bridge", "ethernet" -> name(card, "vnet");
      case "direct" -> name(card, "macvtap");
      default -> {
        // has no link on the host
      }
    }
    CardRefusals.check(card);
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

  private static void resolve(XmlElement card, Network network) {
    XmlElement source = card.childOrAdd("source");
    if (network.portsIsolated()) {
      card.childOrAdd("port").setDefault("isolated", "yes");
    }
    group(network, source)
        .flatMap(PortGroup::bandwidth)
        .ifPresent(limits -> {
          if (!card.hasChild("bandwidth")) {
            card.add(limits.element().copy());
          }
        });
    network.mtu().ifPresent(size -> card.childOrAdd("mtu").setDefault("size", "" + size));
    if (network.bridge().name().isPresent()) {
      source.set("bridge", network.bridge().name().get());
      if (network.bridge().managesMacTable()) {
        source.set("macTableManager", "libvirt");
      } else {
        source.unset("macTableManager");
      }
      return;
    }
    source.set("dev", HostInterfaces.leastUsed(network)).set("mode", network.mode().word());
  }

  /** The group that the card asks for, else the network's default one. */
  private static Optional<PortGroup> group(Network network, XmlElement source) {
    String asked = source.attribute("portgroup", "");
    Optional<PortGroup> found =
        network.portGroups().stream()
            .filter(group -> asked.isEmpty() ? group.isDefault() : group.name().equals(asked))
            .findFirst();
    if (found.isEmpty() && !asked.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.NOT_FOUND,
          "network '%s' has no portgroup '%s'".formatted(network.name(), asked));
    }
    return found;
  }

  /** A name that looks like one of launcher's own is from an earlier run. */
  private static void name(XmlElement card, String stem) {
    XmlElement target = card.childOrAdd("target");
    String asked = target.attribute("dev", "");
    if (!asked.isEmpty() && !asked.startsWith("vnet") && !asked.startsWith("macvtap")) {
      return;
    }
    String name = stem + NEXT.getAndIncrement();
    while (Files.exists(LINKS.resolve(name))) {
      name = stem + NEXT.getAndIncrement();
    }
    target.set("dev", name);
  }
}
