package launcher.engine.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;

/**
 * Which device of the user's text became which of the completed definition. Completion puts disks
 * and controllers in an order of its own and adds devices, so a place in the one list says nothing
 * of the other: devices are told by their names, else by what is written of them.
 */
final class WrittenDevices {
  private final List<XmlElement> written;
  private final List<XmlElement> completed;
  private final Map<Integer, Integer> places = new HashMap<>();

  private WrittenDevices(List<XmlElement> written, List<XmlElement> completed) {
    this.written = written;
    this.completed = completed;
  }

  /**
   * The place of a device among the written ones of its name; -1 when it is not written, but added
   * by completion.
   *
   * @param written all devices of that name in the user's text
   * @param device of the completed definition, with its siblings around it
   */
  static int place(List<XmlElement> written, XmlElement device) {
    List<XmlElement> completed =
        device.parent().map(parent -> parent.children(device.name())).orElse(List.of(device));
    WrittenDevices devices = new WrittenDevices(written, completed);
    devices.pair((text, whole) -> sameName(text, whole));
    devices.pair((text, whole) -> !otherName(text, whole) && within(text, whole));
    devices.pair((text, whole) -> !otherName(text, whole) && sameKind(text, whole));
    return devices.places.getOrDefault(completed.indexOf(device), -1);
  }

  /** Those of which most is written choose first. */
  private void pair(BiPredicate<XmlElement, XmlElement> fits) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      if (!places.containsValue(i)) {
        left.add(i);
      }
    }
    left.sort(Comparator.comparingInt((Integer i) -> -size(written.get(i))));
    for (int place : left) {
      for (int i = 0; i < completed.size(); i++) {
        if (!places.containsKey(i) && fits.test(written.get(place), completed.get(i))) {
          places.put(i, place);
          break;
        }
      }
    }
  }

  /** What tells a device of its kind from all others. */
  private static String key(XmlElement device) {
    return switch (device.name()) {
      case "disk" -> device.value("target/@dev", "");
      case "interface" -> device.value("mac/@address", "");
      case "controller" ->
          device.has("index")
              ? device.attribute("type", "") + " " + device.attribute("index", "")
              : "";
      default -> "";
    };
  }

  private static boolean sameName(XmlElement text, XmlElement whole) {
    return !key(text).isEmpty() && sameWord(key(text), key(whole));
  }

  private static boolean otherName(XmlElement text, XmlElement whole) {
    return !key(text).isEmpty() && !sameName(text, whole);
  }

  private static boolean sameKind(XmlElement text, XmlElement whole) {
    return List.of("type", "model", "bus").stream()
        .allMatch(name -> !text.has(name) || text.attribute(name).equals(whole.attribute(name)));
  }

  private static boolean within(XmlElement text, XmlElement whole) {
    return text.attributes().stream().allMatch(a -> same(a, whole))
        && (text.text().isBlank() || text.text().strip().equals(whole.text().strip()))
        && text.children().stream()
            .allMatch(child ->
                whole.children(child.name()).stream().anyMatch(other -> within(child, other)));
  }

  private static boolean same(XmlAttribute attribute, XmlElement whole) {
    return whole.attributes().stream()
        .anyMatch(other ->
            other.name().equals(attribute.name())
                && other.namespace().equals(attribute.namespace())
                && sameWord(other.value(), attribute.value()));
  }

  /** Completion writes numbers and addresses in a form of its own. */
  private static boolean sameWord(String one, String other) {
    return one.equalsIgnoreCase(other) || number(one) >= 0 && number(one) == number(other);
  }

  private static long number(String word) {
    try {
      return Long.decode(word.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static int size(XmlElement element) {
    return 1
        + element.attributes().size()
        + element.children().stream().mapToInt(WrittenDevices::size).sum();
  }
}
