package launcher.schemas;

import java.util.HashMap;
import java.util.Map;

/**
 * Writes a tree as text in one canonical form: two blanks a level, single quotes, a name space
 * declared where it is first needed. Same tree, same text.
 */
public final class XmlWriter {
  private final StringBuilder out = new StringBuilder(4096);

  private XmlWriter() {}

  /** The text of the element and all below, ending in a newline. */
  public static String write(XmlElement root) {
    XmlWriter writer = new XmlWriter();
    writer.element(root, 0, Map.of("", "", "xml", "http://www.w3.org/XML/1998/namespace"));
    return writer.out.toString();
  }

  private void element(XmlElement element, int depth, Map<String, String> known) {
    Map<String, String> names = new HashMap<>(known);
    out.repeat("  ", depth).append('<').append(element.qualifiedName());
    declare(element.prefix(), element.namespace(), names);
    for (XmlAttribute attribute : element.attributes()) {
      if (!attribute.namespace().isEmpty()) {
        declare(attribute.prefix(), attribute.namespace(), names);
      }
    }
    for (XmlAttribute attribute : element.attributes()) {
      out.append(' ').append(attribute.qualifiedName()).append("='");
      escape(attribute.value(), true);
      out.append('\'');
    }
    content(element, depth, names);
  }

  private void declare(String prefix, String namespace, Map<String, String> names) {
    if (namespace.equals(names.get(prefix))) {
      return;
    }
    names.put(prefix, namespace);
    out.append(prefix.isEmpty() ? " xmlns='" : " xmlns:" + prefix + "='");
    escape(namespace, true);
    out.append('\'');
  }

  private void content(XmlElement element, int depth, Map<String, String> names) {
    if (element.children().isEmpty() && element.text().isEmpty()) {
      out.append("/>\n");
      return;
    }
    out.append('>');
    escape(element.text(), false);
    if (!element.children().isEmpty()) {
      out.append('\n');
      for (XmlElement child : element.children()) {
        element(child, depth + 1, names);
      }
      out.repeat("  ", depth);
    }
    out.append("</").append(element.qualifiedName()).append(">\n");
  }

  private void escape(String text, boolean attribute) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append(attribute ? "&apos;" : "'");
        case '\n', '\t' -> {
          if (attribute) {
            out.append("&#").append((int) c).append(';');
          } else {
            out.append(c);
          }
        }
        case '\r' -> out.append("&#13;");
        default -> out.append(c);
      }
    }
  }
}
