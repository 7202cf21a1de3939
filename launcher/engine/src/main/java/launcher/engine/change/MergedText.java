package launcher.engine.change;

import java.util.List;
import java.util.function.Consumer;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * Makes a text mean another tree by a few small changes: what is outside of the elements that
 * differ, comments and layout included, stays as somebody wrote it.
 */
public final class MergedText {
  /** More differences than any one change makes: then the text is written anew. */
  private static final int MOST_CHANGES = 64;

  private MergedText() {}

  /**
   * A text whose tree has been changed.
   *
   * @param file name for problems
   * @param text well-formed
   * @param change is given the text's tree to change
   */
  public static String changed(String file, String text, Consumer<XmlElement> change) {
    XmlElement wanted = XmlReader.read(file, text);
    change.accept(wanted);
    String now = text;
    for (int i = 0; i < MOST_CHANGES; i++) {
      XmlElement tree = XmlReader.read(file, now);
      if (same(tree, wanted)) {
        return now;
      }
      XmlText places = new XmlText(now);
      now = closer(places, places.root(), tree, wanted);
    }
    return XmlWriter.write(wanted);
  }

  /** The text with the first difference less. */
  private static String closer(
      XmlText text, XmlText.Element place, XmlElement old, XmlElement wanted) {
    if (!sameHead(old, wanted) || place.children().size() != old.children().size()) {
      return text.replacing(place, XmlWriter.write(wanted));
    }
    List<XmlElement> had = old.children();
    List<XmlElement> has = wanted.children();
    int at = 0;
    while (at < had.size() && at < has.size() && same(had.get(at), has.get(at))) {
      at++;
    }
    int tail = 0;
    while (tail < had.size() - at
        && tail < has.size() - at
        && same(had.get(had.size() - 1 - tail), has.get(has.size() - 1 - tail))) {
      tail++;
    }
    List<XmlElement> before = had.subList(at, had.size() - tail);
    List<XmlElement> after = has.subList(at, has.size() - tail);
    if (before.isEmpty() || !after.isEmpty() && among(before.getFirst(), after)) {
      return text.inserting(place, at, XmlWriter.write(after.getFirst()));
    }
    boolean pair =
        !after.isEmpty()
            && before.getFirst().qualifiedName().equals(after.getFirst().qualifiedName())
            && !among(after.getFirst(), before);
    return pair
        ? closer(text, place.children().get(at), before.getFirst(), after.getFirst())
        : text.without(place.children().get(at));
  }

  private static boolean among(XmlElement element, List<XmlElement> others) {
    return others.stream().anyMatch(other -> same(element, other));
  }

  private static boolean same(XmlElement one, XmlElement other) {
    if (!sameHead(one, other) || one.children().size() != other.children().size()) {
      return false;
    }
    for (int i = 0; i < one.children().size(); i++) {
      if (!same(one.children().get(i), other.children().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Name, attributes and text; blanks between children mean nothing. */
  private static boolean sameHead(XmlElement one, XmlElement other) {
    boolean leaves = one.children().isEmpty() && other.children().isEmpty();
    return one.name().equals(other.name())
        && one.namespace().equals(other.namespace())
        && words(one).equals(words(other))
        && (leaves
            ? one.text().equals(other.text())
            : one.text().strip().equals(other.text().strip()));
  }

  private static List<String> words(XmlElement element) {
    return element.attributes().stream().map(MergedText::word).sorted().toList();
  }

  private static String word(XmlAttribute attribute) {
    return attribute.namespace() + " " + attribute.name() + "=" + attribute.value();
  }
}
