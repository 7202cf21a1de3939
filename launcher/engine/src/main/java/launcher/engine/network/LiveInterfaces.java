package launcher.engine.network;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import launcher.drivers.plan.NetworkPorts;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Network;

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
        NetworkPorts.plug(card, network, HostInterfaces::leastUsed, functions)
            .ifPresent(problem -> {
              throw new EngineException(EngineException.Kind.NOT_FOUND, problem);
            });
        if (card.is("type", "network")) {
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
