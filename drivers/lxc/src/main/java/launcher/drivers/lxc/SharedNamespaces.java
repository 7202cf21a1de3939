package launcher.drivers.lxc;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import launcher.schemas.XmlElement;

/** {@code <lxc:namespace>}: namespaces taken over from another container or process. */
final class SharedNamespaces {
  /** The XML namespace of these elements. */
  static final String URI = "http://libvirt.org/schemas/domain/lxc/1.0";

  private SharedNamespaces() {}

  /** Elements to LXC's words. */
  private static final Map<String, String> KINDS =
      new TreeMap<>(Map.of("sharenet", "net", "shareipc", "ipc", "shareuts", "uts"));

  static void write(XmlElement domain, ContainerFacts facts, LxcConfiguration out) {
    KINDS.forEach((element, kind) ->
        domain
            .at("namespace/" + element)
            .flatMap(share -> process(share, facts))
            .ifPresent(process -> out.add("lxc.namespace.share." + kind, process)));
  }

  /** A process that is in the namespace. */
  private static Optional<String> process(XmlElement share, ContainerFacts facts) {
    String value = share.attribute("value", "");
    if (share.is("type", "pid")) {
      return Optional.of(value);
    }
    if (!share.is("type", "name")) {
      return Optional.empty();
    }
    Integer init = facts.containers().get(value);
    if (init == null) {
      throw new IllegalStateException("the container '" + value + "' does not run");
    }
    return Optional.of(init.toString());
  }

  /** Names of the containers whose namespaces are shared. */
  static Set<String> others(XmlElement domain) {
    Set<String> names = new TreeSet<>();
    for (String element : KINDS.keySet()) {
      domain
          .at("namespace/" + element)
          .filter(share -> share.is("type", "name"))
          .ifPresent(share -> names.add(share.attribute("value", "")));
    }
    return names;
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
