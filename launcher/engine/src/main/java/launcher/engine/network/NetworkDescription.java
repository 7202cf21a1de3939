package launcher.engine.network;

import launcher.schemas.XmlElement;

/**
 * Says what a network is, for people.
 *
 * @param title whether its one line is meant, else its description
 * @param text empty to take it away
 */
public record NetworkDescription(boolean title, String text) implements NetworkChange {
  @Override
  public void apply(XmlElement network) {
    String element = title ? "title" : "description";
    if (text.isEmpty()) {
      network.child(element).ifPresent(XmlElement::detach);
    } else {
      network.childOrAdd(element).text(text);
    }
  }
}
