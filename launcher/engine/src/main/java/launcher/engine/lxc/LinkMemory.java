package launcher.engine.lxc;

import java.util.List;
import launcher.schemas.XmlElement;

/** Keeps the addresses of a container's links when it is defined anew. */
final class LinkMemory {
  private LinkMemory() {}

  static void keep(XmlElement tree, XmlElement previous) {
    List<XmlElement> links = links(tree);
    List<XmlElement> before = links(previous);
    for (int i = 0; i < Math.min(links.size(), before.size()); i++) {
      XmlElement link = links.get(i);
      if (!link.hasChild("mac")) {
        before.get(i).child("mac").ifPresent(mac -> link.addFirst(mac.copy()));
      }
    }
  }

  private static List<XmlElement> links(XmlElement domain) {
    return domain.child("devices").map(d -> d.children("interface")).orElse(List.of());
  }
}
