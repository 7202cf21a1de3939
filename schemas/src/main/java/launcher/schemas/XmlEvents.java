package launcher.schemas;

import java.util.ArrayList;
import java.util.List;
import org.xml.sax.ContentHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Tells a tree as SAX events, so that the schema check and the typed model read what completion
 * made without a text in between. Knows at every event which element it is about.
 */
final class XmlEvents implements Locator {
  private final ContentHandler handler;
  private XmlElement current;

  private XmlEvents(ContentHandler handler, XmlElement root) {
    this.handler = handler;
    this.current = root;
  }

  static XmlEvents of(ContentHandler handler, XmlElement root) {
    return new XmlEvents(handler, root);
  }

  /** The element whose start or end is being told. */
  XmlElement current() {
    return current;
  }

  void send() throws SAXException {
    handler.setDocumentLocator(this);
    handler.startDocument();
    element(current);
    handler.endDocument();
  }

  private void element(XmlElement element) throws SAXException {
    List<String> prefixes = declare(element);
    AttributesImpl attributes = new AttributesImpl();
    for (XmlAttribute a : element.attributes()) {
      attributes.addAttribute(a.namespace(), a.name(), a.qualifiedName(), "CDATA", a.value());
    }
    current = element;
    handler.startElement(element.namespace(), element.name(), element.qualifiedName(), attributes);
    if (!element.text().isEmpty()) {
      char[] text = element.text().toCharArray();
      handler.characters(text, 0, text.length);
    }
    for (XmlElement child : element.children()) {
      element(child);
    }
    current = element;
    handler.endElement(element.namespace(), element.name(), element.qualifiedName());
    for (String prefix : prefixes) {
      handler.endPrefixMapping(prefix);
    }
  }

  private List<String> declare(XmlElement element) throws SAXException {
    if (element.namespace().isEmpty()) {
      return List.of();
    }
    List<String> prefixes = new ArrayList<>();
    handler.startPrefixMapping(element.prefix(), element.namespace());
    prefixes.add(element.prefix());
    return prefixes;
  }

  @Override
  public String getPublicId() {
    return "";
  }

  @Override
  public String getSystemId() {
    return "";
  }

  @Override
  public int getLineNumber() {
    return current.line();
  }

  @Override
  public int getColumnNumber() {
    return current.column();
  }
}
