package launcher.cli;

import java.util.Optional;

/** Writes a small piece of XML; what has no value is left out. */
final class XmlPiece {
  private final StringBuilder text = new StringBuilder();
  private final String indentation;

  private XmlPiece(String indentation) {
    this.indentation = indentation;
  }

  static XmlPiece begin() {
    return new XmlPiece("");
  }

  /** Opens an element; names and values come in turn. */
  XmlPiece open(String name, String... attributes) {
    text.append(indentation).append('<').append(name);
    attributes(attributes);
    text.append(">\n");
    return this;
  }

  XmlPiece close(String name) {
    text.append(indentation).append("</").append(name).append(">\n");
    return this;
  }

  /** Adds an empty element that has at least one value, or none of those it could have. */
  XmlPiece empty(String name, String... attributes) {
    text.append("  ").append(indentation).append('<').append(name);
    attributes(attributes);
    text.append("/>\n");
    return this;
  }

  /**
   * Adds the place of a PCI device.
   *
   * @param place domain, bus, slot and function, in hexadecimal
   */
  XmlPiece pciAddress(String[] place, boolean multifunction) {
    return empty(
        "address",
        "type",
        "pci",
        "domain",
        "0x" + place[0],
        "bus",
        "0x" + place[1],
        "slot",
        "0x" + place[2],
        "function",
        "0x" + place[3],
        "multifunction",
        multifunction ? "on" : "");
  }

  /** Adds an empty element if its first value is there. */
  XmlPiece optional(String name, String attribute, Optional<String> value) {
    value.ifPresent(v -> empty(name, attribute, v));
    return this;
  }

  XmlPiece element(String name, Optional<String> content) {
    content.ifPresent(c ->
        text.append("  <")
            .append(name)
            .append('>')
            .append(escaped(c))
            .append("</")
            .append(name)
            .append(">\n"));
    return this;
  }

  private void attributes(String... attributes) {
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      if (!attributes[i + 1].isEmpty()) {
        text.append(' ').append(attributes[i]).append("='").append(escaped(attributes[i + 1]));
        text.append('\'');
      }
    }
  }

  static String escaped(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;")
        .replace("\n", "&#10;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
