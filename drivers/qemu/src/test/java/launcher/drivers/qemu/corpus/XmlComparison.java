package launcher.drivers.qemu.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;

/**
 * Compares XML documents by the rules of the corpus' own xml-compare.py: the order of attributes
 * and of siblings with different names is free.
 */
public final class XmlComparison {
  private XmlComparison() {}

  /** Lines beginning with {@code -} (missing) and {@code +} (too many); empty when equal. */
  public static List<String> difference(XmlElement expected, XmlElement actual) {
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    lines(expected, "", left);
    lines(actual, "", right);
    return left.equals(right) ? List.of() : LineDiff.of(left, right);
  }

  private static void lines(XmlElement e, String indent, List<String> out) {
    TreeMap<String, String> attributes = new TreeMap<>();
    for (XmlAttribute a : e.attributes()) {
      attributes.put(
          (a.namespace().isEmpty() ? "" : "{" + a.namespace() + "}") + a.name(), a.value());
    }
    String text = String.join(" ", e.text().strip().split("\\s+"));
    out.add(
        indent
            + name(e)
            + attributes.entrySet().stream()
                .map(a -> " " + a.getKey() + "='" + a.getValue() + "'")
                .collect(Collectors.joining())
            + (text.isEmpty() ? "" : " = " + text));
    List<XmlElement> children = new ArrayList<>(e.children());
    children.sort(Comparator.comparing(XmlComparison::name));
    for (XmlElement child : children) {
      lines(child, indent + "  ", out);
    }
  }

  private static String name(XmlElement e) {
    return e.namespace().isEmpty() ? e.name() : "{" + e.namespace() + "}" + e.name();
  }
}
