package launcher.engine.change;

import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/**
 * An element of somebody else's in the {@code <metadata>} of a guest or network, in a namespace of
 * its own.
 *
 * @param uri the namespace, which names whose it is
 * @param prefix short name of the namespace, used when an element is put in
 * @param element what to put in instead of what is there; none to take it away
 */
public record Metadata(String uri, String prefix, Optional<XmlElement> element) {
  /**
   * Checks the names.
   *
   * @throws EngineException when one is missing or could not stand in XML
   */
  public Metadata {
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

  /** Puts it in, or takes it away. */
  public void apply(XmlElement keeper) {
    XmlElement metadata = keeper.childOrAdd("metadata");
    of(metadata, uri).forEach(XmlElement::detach);
    element.ifPresent(put -> metadata.add(within(put)));
    if (metadata.children().isEmpty()) {
      metadata.detach();
    }
  }

  /** The same element in the namespace; what is in it keeps its own. */
  private XmlElement within(XmlElement plain) {
    return filled(XmlElement.of(uri, prefix, plain.name()), plain);
  }

  /**
   * What is kept for a namespace, without the namespace.
   *
   * @param keeper the tree of the guest or network
   */
  public static Optional<XmlElement> find(XmlElement keeper, String uri) {
    return keeper.child("metadata").stream()
        .flatMap(metadata -> of(metadata, uri).stream())
        .findFirst()
        .map(kept -> filled(XmlElement.of(kept.name()), kept));
  }

  private static XmlElement filled(XmlElement root, XmlElement from) {
    from.attributes().forEach(a -> root.set(a.name(), a.value()));
    from.children().forEach(child -> root.add(child.copy()));
    if (from.children().isEmpty()) {
      root.text(from.text());
    }
    return root;
  }

  private static List<XmlElement> of(XmlElement metadata, String uri) {
    return metadata.children().stream().filter(child -> child.namespace().equals(uri)).toList();
  }
}
