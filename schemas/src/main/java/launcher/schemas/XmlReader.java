package launcher.schemas;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads text into an {@link XmlElement} tree, strictly: no document type, no entities of its own,
 * bounded size and depth, so that no document can read files or exhaust memory.
 */
public final class XmlReader {
  /**
   * Longest document, in bytes or characters, as for libvirt's clients
   * (VIR_NET_MESSAGE_STRING_MAX).
   */
  public static final int MAX_SIZE = 4 << 20;

  /** Deepest nesting of elements. */
  public static final int MAX_DEPTH = 100;

  /**
   * Most elements and attributes of one document together: the guests of ten thousand disks that
   * nobody has, and few enough for the daemon's small memory.
   */
  public static final int MAX_NODES = 100_000;

  private static final XMLInputFactory FACTORY = factory();

  private final String file;
  private final XMLStreamReader events;
  private final Deque<Open> open = new ArrayDeque<>();
  private int nodes;

  private XmlReader(String file, XMLStreamReader events) {
    this.file = file;
    this.events = events;
  }

  private static XMLInputFactory factory() {
    // The JDK's own parser, whatever else lies on the class path; its limits are the outer ones.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty("jdk.xml.maxElementDepth", Integer.toString(2 * MAX_DEPTH));
    factory.setXMLReporter((message, type, related, place) -> {}); // else it prints on its own
    return factory;
  }

  /**
   * Reads a document from its bytes, in the encoding they declare.
   *
   * @param file name for problems
   * @throws XmlException when it is not well-formed, too large, too deep or has a document type
   */
  public static XmlElement read(String file, byte[] document) {
    limit(file, document.length);
    return read(file, new ByteArrayInputStream(document));
  }

  /**
   * Reads a document from text.
   *
   * @param file name for problems
   * @throws XmlException when it is not well-formed, too large, too deep or has a document type
   */
  public static XmlElement read(String file, String document) {
    limit(file, document.length());
    try {
      return new XmlReader(file, open(new StringReader(document))).document();
    } catch (XMLStreamException e) {
      throw notWellFormed(file, e);
    }
  }

  private static XmlElement read(String file, InputStream document) {
    try {
      return new XmlReader(file, open(document)).document();
    } catch (XMLStreamException e) {
      throw notWellFormed(file, e);
    }
  }

  // The JDK's factory is not documented as safe for several threads.
  private static synchronized XMLStreamReader open(InputStream in) throws XMLStreamException {
    return FACTORY.createXMLStreamReader(in);
  }

  private static synchronized XMLStreamReader open(StringReader in) throws XMLStreamException {
    return FACTORY.createXMLStreamReader(in);
  }

  private static void limit(String file, int size) {
    if (size > MAX_SIZE) {
      throw refusal(file, null, "document is larger than " + (MAX_SIZE >> 20) + " MiB");
    }
  }

  private XmlElement document() throws XMLStreamException {
    XmlElement root = null;
    // StAX tells where an event ends: an element begins where the event before it ended.
    Place begin = place();
    while (events.hasNext()) {
      switch (events.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          XmlElement element = open(begin);
          root = root == null ? element : root;
        }
        case XMLStreamConstants.END_ELEMENT -> close(open.pop());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            open.peek().text().append(events.getText());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw refusal(
                file, events.getLocation(), "document types and entities are not allowed");
        default -> {
          // comments and processing instructions say nothing to a launcher
        }
      }
      begin = place();
      if (events.isCharacters()) {
        // the JDK's scanner has then read the '<' that ended the text
        begin = new Place(begin.line(), Math.max(1, begin.column() - 1));
      }
    }
    if (root == null) {
      throw refusal(file, null, "document has no element");
    }
    return root;
  }

  /**
   * An element whose end has not come.
   *
   * @param text all that has come of it: comments may cut it into a million pieces
   */
  private record Open(XmlElement element, StringBuilder text) {}

  private XmlElement open(Place begin) {
    if (open.size() == MAX_DEPTH) {
      throw refusal(file, events.getLocation(), "elements are nested deeper than " + MAX_DEPTH);
    }
    XmlElement element = element(begin);
    if (!open.isEmpty()) {
      open.peek().element().add(element);
    }
    open.push(new Open(element, new StringBuilder()));
    return element;
  }

  /** Drops the blanks between elements, keeps the text of a leaf as it is. */
  private static void close(Open ended) {
    String text = ended.text().toString();
    boolean leaf = ended.element().children().isEmpty() && !text.isBlank();
    ended.element().text(leaf ? text : text.strip());
  }

  private record Place(int line, int column) {}

  private Place place() {
    Location location = events.getLocation();
    return new Place(location.getLineNumber(), location.getColumnNumber());
  }

  private XmlElement element(Place begin) {
    count(1 + events.getAttributeCount() + events.getNamespaceCount());
    XmlElement element =
        new XmlElement(
            text(events.getNamespaceURI()),
            text(events.getPrefix()),
            events.getLocalName(),
            begin.line(),
            begin.column());
    for (int i = 0; i < events.getAttributeCount(); i++) {
      element.addAttribute(
          new XmlAttribute(
              text(events.getAttributeNamespace(i)),
              text(events.getAttributePrefix(i)),
              events.getAttributeLocalName(i),
              events.getAttributeValue(i)));
    }
    return element;
  }

  private void count(int more) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw refusal(
          file, events.getLocation(), "document has more than " + MAX_NODES + " elements");
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static XmlException refusal(String file, @Nullable Location at, String message) {
    int line = at == null ? 0 : Math.max(0, at.getLineNumber());
    int column = at == null ? 0 : Math.max(0, at.getColumnNumber());
    return new XmlException(List.of(new XmlProblem(file, line, column, message)));
  }

  private static XmlException notWellFormed(String file, XMLStreamException e) {
    String message = e.getMessage() == null ? "not XML" : e.getMessage();
    int text = message.indexOf("Message: ");
    String reason = text < 0 ? message : message.substring(text + "Message: ".length());
    return refusal(file, e.getLocation(), "not well-formed: " + reason);
  }
}
