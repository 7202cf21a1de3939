package launcher.schemas;

/**
 * One attribute of an {@link XmlElement}.
 *
 * @param namespace URI of the name, empty for none
 * @param prefix prefix as written, empty for none
 * @param name local name
 * @param value value after XML's normalisation
 */
public record XmlAttribute(String namespace, String prefix, String name, String value) {
  /** The name as it is written in the document. */
  public String qualifiedName() {
    return prefix.isEmpty() ? name : prefix + ":" + name;
  }
}
