package launcher.drivers.dnsmasq.network;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Nat;
import launcher.schemas.network.Network;

/** Fills in what the user left to launcher, so that a network stays the same for ever. */
public final class NetworkCompletion {
  /** The order in which libvirt writes a network. */
  private static final List<String> ORDER =
      List.of(
          "name",
          "uuid",
          "title",
          "description",
          "metadata",
          "forward",
          "bridge",
          "port",
          "mtu",
          "mac",
          "domain",
          "dns",
          "bandwidth",
          "ip",
          "route",
          "portgroup",
          "options");

  private NetworkCompletion() {}

  /**
   * Choices that must not repeat; made by the engine, so that completing computes only.
   *
   * @param uuid for a network without one
   * @param mac for a bridge without one
   * @param takenBridges names that are not free
   */
  public record Choices(String uuid, String mac, Set<String> takenBridges) {
    public Choices {
      takenBridges = Set.copyOf(takenBridges);
    }
  }

  /**
   * Completes the tree of a network.
   *
   * @param network read from the very same tree, which is changed
   */
  public static void complete(Network network, XmlElement root, Choices choices) {
    XmlElement uuid = root.childOrAdd("uuid");
    if (uuid.text().isEmpty()) {
      uuid.text(choices.uuid());
    }
    root.child("forward").ifPresent(forward -> forward.setDefault("mode", network.mode().word()));
    if (network.mode().ownsBridge()) {
      XmlElement bridge = root.childOrAdd("bridge");
      String name = bridge.attribute("name", "");
      if (name.isEmpty() || name.endsWith("%d")) {
        bridge.set("name", free(name.isEmpty() ? "virbr%d" : name, choices.takenBridges()));
      }
      bridge.setDefault("stp", "on").setDefault("delay", "0");
      root.childOrAdd("mac").setDefault("address", choices.mac());
    }
    order(root);
  }

  /**
   * What only a running network shows: the ports that are really used.
   *
   * @param network read from the very same tree, which is changed
   */
  public static void running(Network network, XmlElement root) {
    if (network.mode() == Forward.Mode.NAT) {
      XmlElement nat = root.childOrAdd("forward").childOrAdd("nat");
      XmlElement port = nat.childOrAdd("port");
      port.setDefault("start", Integer.toString(Nat.FIRST_PORT));
      port.setDefault("end", Integer.toString(Nat.LAST_PORT));
    }
  }

  private static String free(String pattern, Set<String> taken) {
    String stem = pattern.substring(0, pattern.length() - "%d".length());
    int number = 0;
    while (taken.contains(stem + number)) {
      number++;
    }
    return stem + number;
  }

  /** Puts the parts of a network into the order in which libvirt writes them. */
  public static void order(XmlElement root) {
    List<XmlElement> children = new ArrayList<>(root.children());
    children.sort(Comparator.comparingInt(child -> place(child.name())));
    root.reorder(children);
  }

  private static int place(String name) {
    int index = ORDER.indexOf(name);
    return index < 0 ? ORDER.size() : index;
  }
}
