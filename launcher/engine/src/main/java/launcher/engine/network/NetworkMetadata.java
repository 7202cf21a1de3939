package launcher.engine.network;

import java.util.Optional;
import launcher.engine.change.Metadata;
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
  private Metadata change() {
    return new Metadata(uri, prefix, element);
  }

  /**
   * Checks the names.
   *
   * @throws launcher.engine.EngineException when one is missing or could not stand in XML
   */
  public NetworkMetadata {
    var unused = new Metadata(uri, prefix, element);
  }

  @Override
  public void apply(XmlElement network) {
    change().apply(network);
  }

  /**
   * What a network keeps for a namespace, without the namespace.
   *
   * @param network its tree
   */
  public static Optional<XmlElement> find(XmlElement network, String uri) {
    return Metadata.find(network, uri);
  }
}
