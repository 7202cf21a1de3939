package launcher.schemas;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One element of a document: ordered attributes, children and text, with its place in the file.
 *
 * <p>A definition is a document, so completing it means changing this tree. It changes through its
 * own methods only, and a child belongs to one parent. Comments and blanks between elements are not
 * kept: the user's own text is stored beside it. Not safe for use by several threads.
 */
public final class XmlElement {
  private final String namespace;
  private final String prefix;
  private final String name;
  private final int line;
  private final int column;
  private final List<XmlAttribute> attributes = new ArrayList<>(4);
  private final List<XmlElement> children = new ArrayList<>(4);
  private String text = "";
  private @Nullable XmlElement parent;

  XmlElement(String namespace, String prefix, String name, int line, int column) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.name = name;
    this.line = line;
    this.column = column;
  }

  /** A new element without namespace and without a place in any file (line and column 0). */
  public static XmlElement of(String name) {
    return new XmlElement("", "", name, 0, 0);
  }

  /** A new element of a namespace, without a place in any file. */
  public static XmlElement of(String namespace, String prefix, String name) {
    return new XmlElement(namespace, prefix, name, 0, 0);
  }

  /** Local name. */
  public String name() {
    return name;
  }

  /** URI of the namespace, empty for none. */
  public String namespace() {
    return namespace;
  }

  /** Prefix as written, empty for none. */
  public String prefix() {
    return prefix;
  }

  /** The name as it is written in the document. */
  public String qualifiedName() {
    return prefix.isEmpty() ? name : prefix + ":" + name;
  }

  /** Line of the start tag, one-based; that of the nearest older ancestor for an added element. */
  public int line() {
    return line > 0 || parent == null ? line : parent.line();
  }

  /** Column of the start tag, one-based; that of the nearest older ancestor for an added one. */
  public int column() {
    return line > 0 || parent == null ? column : parent.column();
  }

  /** Whether the element stood in the file, and was not added by completion. */
  public boolean written() {
    return line > 0;
  }

  /** The parent, none for the root. */
  public Optional<XmlElement> parent() {
    return Optional.ofNullable(parent);
  }

  /** The attributes in their order; a view that cannot be changed. */
  public List<XmlAttribute> attributes() {
    return Collections.unmodifiableList(attributes);
  }

  /** The value of an attribute without namespace. */
  public Optional<String> attribute(String attribute) {
    return Optional.ofNullable(attributeOrNull(attribute));
  }

  /** The value of an attribute without namespace, or the given one where it is absent. */
  public String attribute(String attribute, String absent) {
    String value = attributeOrNull(attribute);
    return value == null ? absent : value;
  }

  /** Whether the attribute is there. */
  public boolean has(String attribute) {
    return attributeOrNull(attribute) != null;
  }

  /** Whether the attribute is there with this value. */
  public boolean is(String attribute, String value) {
    return value.equals(attributeOrNull(attribute));
  }

  private @Nullable String attributeOrNull(String attribute) {
    for (XmlAttribute a : attributes) {
      if (a.name().equals(attribute) && a.namespace().isEmpty()) {
        return a.value();
      }
    }
    return null;
  }

  /** Sets an attribute, in its place where it exists, else last. Gives this element. */
  public XmlElement set(String attribute, String value) {
    XmlAttribute changed = new XmlAttribute("", "", attribute, value);
    for (int i = 0; i < attributes.size(); i++) {
      XmlAttribute a = attributes.get(i);
      if (a.name().equals(attribute) && a.namespace().isEmpty()) {
        attributes.set(i, changed);
        return this;
      }
    }
    attributes.add(changed);
    return this;
  }

  /** Sets an attribute to a number. Gives this element. */
  public XmlElement set(String attribute, long value) {
    return set(attribute, Long.toString(value));
  }

  /** Sets an attribute where it is absent. Gives this element. */
  public XmlElement setDefault(String attribute, String value) {
    return has(attribute) ? this : set(attribute, value);
  }

  /** Removes an attribute, if it is there. */
  public void unset(String attribute) {
    attributes.removeIf(a -> a.name().equals(attribute) && a.namespace().isEmpty());
  }

  void addAttribute(XmlAttribute attribute) {
    attributes.add(attribute);
  }

  /** The children in their order; a view that cannot be changed. */
  public List<XmlElement> children() {
    return Collections.unmodifiableList(children);
  }

  /** A copy of the list of the children of that local name, in any namespace. */
  public List<XmlElement> children(String child) {
    List<XmlElement> found = new ArrayList<>();
    for (XmlElement c : children) {
      if (c.name.equals(child)) {
        found.add(c);
      }
    }
    return found;
  }

  /** The first child of that local name. */
  public Optional<XmlElement> child(String child) {
    for (XmlElement c : children) {
      if (c.name.equals(child)) {
        return Optional.of(c);
      }
    }
    return Optional.empty();
  }

  /** Whether there is a child of that local name. */
  public boolean hasChild(String child) {
    return child(child).isPresent();
  }

  /**
   * The element at a path of first children: {@code at("driver/iotune")}.
   *
   * @param path names joined by slashes
   */
  public Optional<XmlElement> at(String path) {
    Optional<XmlElement> here = Optional.of(this);
    for (String step : path.split("/", -1)) {
      here = here.flatMap(e -> e.child(step));
    }
    return here;
  }

  /**
   * A value at a path: {@code value("driver/@type")} is an attribute, {@code value("os/type")} the
   * text of an element.
   */
  public Optional<String> value(String path) {
    int sign = path.indexOf('@');
    if (sign < 0) {
      return at(path).map(XmlElement::text);
    }
    String attribute = path.substring(sign + 1);
    return sign == 0
        ? attribute(attribute)
        : at(path.substring(0, sign - 1)).flatMap(e -> e.attribute(attribute));
  }

  /** The value at a path as {@link #value(String)}, or the given one where it is absent. */
  public String value(String path, String absent) {
    return value(path).orElse(absent);
  }

  /** Adds a new last child and gives it. */
  public XmlElement add(String child) {
    return add(of(child));
  }

  /** Adds a last child, taking it from its present parent, and gives it. */
  public XmlElement add(XmlElement child) {
    child.detach();
    child.parent = this;
    children.add(child);
    return child;
  }

  /** Adds a child at a position among the children, and gives it. */
  public XmlElement insert(int index, XmlElement child) {
    child.detach();
    child.parent = this;
    children.add(index, child);
    return child;
  }

  /** Adds a first child and gives it. */
  public XmlElement addFirst(XmlElement child) {
    return insert(0, child);
  }

  /** The first child of that name, added as the last one where there is none. */
  public XmlElement childOrAdd(String child) {
    return child(child).orElseGet(() -> add(child));
  }

  /** Adds a new following sibling and gives it. */
  public XmlElement addAfter(XmlElement sibling) {
    XmlElement owner = owner();
    sibling.detach();
    return owner.insert(owner.children.indexOf(this) + 1, sibling);
  }

  /** Adds a new preceding sibling and gives it. */
  public XmlElement addBefore(XmlElement sibling) {
    XmlElement owner = owner();
    sibling.detach();
    return owner.insert(owner.children.indexOf(this), sibling);
  }

  private XmlElement owner() {
    if (parent == null) {
      throw new IllegalStateException("the root element '" + name + "' has no siblings");
    }
    return parent;
  }

  /** Takes this element out of its parent, if it has one. */
  public void detach() {
    if (parent != null) {
      parent.children.remove(this);
      parent = null;
    }
  }

  /** Puts the children into the order of a list that holds exactly them. */
  public void reorder(List<XmlElement> order) {
    if (order.size() != children.size() || !children.containsAll(order)) {
      throw new IllegalArgumentException("not the children of '" + name + "'");
    }
    List<XmlElement> copy = List.copyOf(order);
    children.clear();
    children.addAll(copy);
  }

  /** The text directly inside, all pieces joined; blanks are kept only where no element stands. */
  public String text() {
    return text;
  }

  /** Replaces the text. Gives this element. */
  public XmlElement text(String replacement) {
    text = replacement;
    return this;
  }

  /** A copy with everything below, without parent, at the same place of the file. */
  public XmlElement copy() {
    XmlElement copy = new XmlElement(namespace, prefix, name, line, column);
    copy.attributes.addAll(attributes);
    copy.text = text;
    for (XmlElement child : children) {
      copy.add(child.copy());
    }
    return copy;
  }

  /** Where the element is in its document, as XPath: {@code /domain/devices/disk[2]}. */
  public String path() {
    if (parent == null) {
      return "/" + qualifiedName();
    }
    List<XmlElement> same = parent.children(name);
    String step =
        same.size() == 1 ? qualifiedName() : qualifiedName() + "[" + (same.indexOf(this) + 1) + "]";
    return parent.path() + "/" + step;
  }

  @Override
  public String toString() {
    return path() + (line() > 0 ? " (line " + line() + ")" : "");
  }
}
