package launcher.schemas.network;

import java.util.List;
import java.util.Map;
import launcher.schemas.XmlElement;

/**
 * Parts of a network that libvirt knows and launcher does not do. They are no mistakes of writing,
 * so the schema's words would not help: each is refused with its reason.
 */
final class NotDone {
  private static final String TAGS =
      "VLAN tags are not put on ports here: make a bridge on the VLAN's interface, and let forward mode 'bridge' name it";

  private static final String PORTS =
      "ports of Open vSwitch, 802.1Qbg and 802.1Qbh are not done here: use a bridge of the kernel's";

  private static final Map<String, String> CHILDREN =
      Map.of(
          "network/vlan", TAGS,
          "portgroup/vlan", TAGS,
          "network/virtualport", PORTS,
          "portgroup/virtualport", PORTS);

  private NotDone() {}

  /**
   * Refuses such parts.
   *
   * @return the tree without them, for the schema to look at the rest
   */
  static XmlElement check(XmlElement root, Problems problems) {
    XmlElement rest = root.copy();
    prune(rest, problems);
    return problems.all().isEmpty() ? root : rest;
  }

  private static void prune(XmlElement element, Problems problems) {
    for (XmlElement child : List.copyOf(element.children())) {
      String reason = CHILDREN.getOrDefault(element.name() + "/" + child.name(), "");
      if (reason.isEmpty()) {
        prune(child, problems);
      } else {
        problems.add(child, "'" + child.name() + "': " + reason);
        child.detach();
      }
    }
  }
}
