package launcher.engine.network;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;

/**
 * Says in a guest's tree what its network cards are plugged into on this run: the bridge or
 * interface of a network, and the name of each link.
 */
public final class LiveInterfaces {
  private static final Path LINKS = Path.of("/sys/class/net");

  private LiveInterfaces() {}

  /**
   * Fills the cards of a guest in.
   *
   * @param domain the tree of this run
   * @param networks the running network of a name
   * @throws EngineException when a network is not there or not active
   */
  public static void fill(XmlElement domain, Function<String, Network> networks) {
    Set<String> given = new HashSet<>();
    for (XmlElement card : domain.childOrAdd("devices").children("interface")) {
      switch (card.attribute("type", "")) {
        case "network" -> {
          resolve(card, networks.apply(card.value("source/@network", "")));
          name(card, card.value("source/@dev").isPresent() ? "macvtap" : "vnet", given);
        }
        case "bridge", "ethernet" -> name(card, "vnet", given);
        case "direct" -> name(card, "macvtap", given);
        default -> {
          // has no link on the host
        }
      }
    }
  }

  private static void resolve(XmlElement card, Network network) {
    XmlElement source = card.childOrAdd("source");
    if (network.portsIsolated()) {
      card.childOrAdd("port").setDefault("isolated", "yes");
    }
    if (network.bridge().name().isPresent()) {
      source.set("bridge", network.bridge().name().get());
      return;
    }
    List<String> links = network.forward().map(Forward::interfaces).orElse(List.of());
    String link =
        links.stream()
            .findFirst()
            .orElseThrow(() ->
                new EngineException(
                    EngineException.Kind.FAILED,
                    "network '" + network.name() + "' has nothing to plug a guest into"));
    source.set("dev", link).set("mode", network.mode().word());
  }

  /** A name that looks like one of launcher's own is from an earlier run. */
  private static void name(XmlElement card, String stem, Set<String> given) {
    XmlElement target = card.childOrAdd("target");
    String asked = target.attribute("dev", "");
    if (!asked.isEmpty() && !asked.startsWith("vnet") && !asked.startsWith("macvtap")) {
      return;
    }
    int number = 0;
    while (given.contains(stem + number) || Files.exists(LINKS.resolve(stem + number))) {
      number++;
    }
    given.add(stem + number);
    target.set("dev", stem + number);
  }
}
