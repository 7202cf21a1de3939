package launcher.engine;

import java.util.List;
import launcher.schemas.XmlElement;

/** Elements at the top of a domain that tune it, added where people look for them. */
final class TuneElement {
  private static final List<String> BEFORE =
      List.of("iothreadids", "iothreads", "vcpus", "vcpu", "currentMemory", "memory", "name");

  private TuneElement() {}

  /** The child of that name, made behind the processors where there is none. */
  static XmlElement of(XmlElement domain, String name) {
    if (domain.hasChild(name)) {
      return domain.childOrAdd(name);
    }
    for (String before : BEFORE) {
      if (!before.equals(name) && domain.hasChild(before)) {
        return domain.childOrAdd(before).addAfter(XmlElement.of(name));
      }
    }
    return domain.add(name);
  }
}
