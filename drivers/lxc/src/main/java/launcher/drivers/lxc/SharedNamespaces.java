package launcher.drivers.lxc;

import java.util.Optional;
import launcher.schemas.XmlElement;

/** {@code <lxc:namespace>}: namespaces taken over from another container or process. */
final class SharedNamespaces {
  /** The XML namespace of these elements. */
  static final String URI = "http://libvirt.org/schemas/domain/lxc/1.0";

  private SharedNamespaces() {}

  static void write(XmlElement domain, LxcConfiguration out) {
    share(domain, "sharenet", "net", out);
    share(domain, "shareipc", "ipc", out);
    share(domain, "shareuts", "uts", out);
  }

  private static void share(XmlElement domain, String element, String name, LxcConfiguration out) {
    domain
        .at("namespace/" + element)
        .filter(share -> share.is("type", "name") || share.is("type", "pid"))
        .ifPresent(share -> out.add("lxc.namespace.share." + name, share.attribute("value", "")));
  }

  /** Whether the network is another's. */
  static boolean sharesNetwork(XmlElement domain) {
    return domain.value("namespace/sharenet/@type").filter(t -> !t.equals("none")).isPresent();
  }

  /** Whether the host name is another's. */
  static boolean sharesHostName(XmlElement domain) {
    return domain.value("namespace/shareuts/@type").filter(t -> !t.equals("none")).isPresent();
  }

  /** The file that stands for a named network namespace, as ip-netns(8) lays it down. */
  static Optional<String> networkFile(XmlElement domain) {
    return domain
        .at("namespace/sharenet")
        .filter(share -> share.is("type", "netns"))
        .map(share -> "/run/netns/" + share.attribute("value", ""));
  }
}
