package launcher.engine.network;

import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/**
 * Puts an element of somebody else's into a network's {@code <metadata>}, in a namespace of its
 * own, or takes it away.
 *
 * @param uri the namespace, which names whose it is
 * @param prefix short name of the namespace, used when an element is put in
 * @param element what to put in instead of what is there; none to take it away
 */
public record NetworkMetadata(String uri, String prefix, Optional<XmlElement> element)
    implements NetworkChange {
  /**
   * Checks the names.
   *
   * @throws EngineException when one is missing or could not stand in XML
   */
  public NetworkMetadata {
    if (uri.isBlank()) {
      throw invalid("metadata is kept by the URI of a namespace, and none was given");
    }
    if (element.isPresent() && !prefix.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
      throw invalid("'" + prefix + "' cannot be the prefix of a namespace: give one with --key");
    }
  }

  private static EngineException invalid(String message) {
    return new EngineException(EngineException.Kind.INVALID, message);
  }

  @Override
  public void apply(XmlElement network) {
    XmlElement metadata = network.childOrAdd("metadata");
    of(metadata, uri).forEach(XmlElement::detach);
    element.ifPresent(put -> metadata.add(within(put)));
    if (metadata.children().isEmpty()) {
      metadata.detach();
    }
  }

  /** The same element in the namespace; what is in it keeps its own. */
  private XmlElement within(XmlElement plain) {
    XmlElement root = XmlElement.of(uri, prefix, plain.name());
    plain.attributes().forEach(a -> root.set(a.name(), a.value()));
    plain.children().forEach(child -> root.add(child.copy()));
    if (plain.children().isEmpty()) {
      root.text(plain.text());
    }
    return root;
  }

  /**
   * What a network keeps for a namespace, without the namespace.
   *
   * @param network its tree
   */
  public static Optional<XmlElement> find(XmlElement network, String uri) {
    return network.child("metadata").stream()
        .flatMap(metadata -> of(metadata, uri).stream())
        .findFirst()
        .map(NetworkMetadata::plain);
  }

  private static XmlElement plain(XmlElement kept) {
    XmlElement root = XmlElement.of(kept.name());
    kept.attributes().forEach(a -> root.set(a.name(), a.value()));
    kept.children().forEach(child -> root.add(child.copy()));
    if (kept.children().isEmpty()) {
      root.text(kept.text());
    }
    return root;
  }

  private static List<XmlElement> of(XmlElement metadata, String uri) {
    return metadata.children().stream().filter(child -> child.namespace().equals(uri)).toList();
  }
}
