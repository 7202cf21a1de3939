package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The {@code <controller>} elements of a definition: finding, adding in order, numbering. */
public final class Controllers {
  /** A bus is addressed by eight bits; no guest has more controllers of one type. */
  public static final int HIGHEST_INDEX = 255;

  private final XmlElement devices;

  /** Of a definition's {@code <devices>}. */
  public Controllers(XmlElement devices) {
    this.devices = devices;
  }

  /** All of them, in order. */
  public List<XmlElement> all() {
    return devices.children("controller");
  }

  /** Those of one type, in order. */
  public List<XmlElement> ofType(String type) {
    return all().stream().filter(c -> c.is("type", type)).toList();
  }

  /** The first one of that type and index. */
  public Optional<XmlElement> find(String type, int index) {
    return ofType(type).stream().filter(c -> index(c).equals(OptionalInt.of(index))).findFirst();
  }

  /** Whether there is one of that type. */
  public boolean has(String type) {
    return !ofType(type).isEmpty();
  }

  /** The index of a controller, none as long as it has not got one. */
  public static OptionalInt index(XmlElement controller) {
    OptionalLong value = Numbers.parse(controller.attribute("index", ""));
    return value.isPresent() && value.getAsLong() >= 0
        ? OptionalInt.of(Math.clamp(value.getAsLong(), 0, Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  /** The index of a controller that has one. */
  static int indexOf(XmlElement controller) {
    return index(controller)
        .orElseThrow(() -> new IllegalStateException("no index: " + controller));
  }

  /** Adds a controller in its place; the model is left out where it is empty text. */
  public XmlElement add(String type, int index, String model) {
    XmlElement controller = XmlElement.of("controller").set("type", type).set("index", index);
    if (!model.isEmpty()) {
      controller.set("model", model);
    }
    return insert(controller);
  }

  /** Adds a controller of that type and index where there is none yet; says whether it did. */
  public boolean addMissing(String type, int index, String model) {
    if (find(type, index).isPresent()) {
      return false;
    }
    add(type, index, model);
    return true;
  }

  /** The lowest index that no controller of that type has. */
  int unusedIndex(String type) {
    int index = 0;
    while (find(type, index).isPresent()) {
      index++;
    }
    return index;
  }

  /** Puts all controllers into their order: by index within each type, USB masters first. */
  public void sort() {
    List<XmlElement> unsorted = all();
    unsorted.forEach(XmlElement::detach);
    unsorted.forEach(this::insert);
  }

  private XmlElement insert(XmlElement controller) {
    List<XmlElement> present = ofType(controller.attribute("type", ""));
    XmlElement after = null;
    XmlElement before = null;
    for (int i = present.size() - 1; i >= 0; i--) {
      XmlElement other = present.get(i);
      if (precedes(controller, other)) {
        before = other;
      } else if (before == null && after == null) {
        after = other;
      }
    }
    if (before != null) {
      return before.addBefore(controller);
    }
    if (after != null) {
      return after.addAfter(controller);
    }
    List<XmlElement> all = all();
    return all.isEmpty() ? devices.add(controller) : all.getLast().addAfter(controller);
  }

  private static boolean precedes(XmlElement controller, XmlElement other) {
    OptionalInt mine = index(controller);
    OptionalInt theirs = index(other);
    if (mine.isEmpty() || theirs.isEmpty()) {
      return false;
    }
    return mine.getAsInt() < theirs.getAsInt()
        || (mine.equals(theirs) && !controller.hasChild("master") && other.hasChild("master"));
  }
}
