package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/**
 * The categories that guests of this process have got and nobody sees yet: their start is under
 * way. Virtual machines and containers of all its engines take turns.
 */
final class GivenCategories {
  /** No start takes longer; what is given is seen in the records and processes before. */
  private static final long LONGEST_START = Duration.ofMinutes(15).toNanos();

  private static final Map<String, Given> GIVEN = new HashMap<>();

  private GivenCategories() {}

  private record Given(Categories categories, long since) {}

  /**
   * Chooses the labels of a guest.
   *
   * @param live changed: gets its labels
   * @param running live definitions of what runs
   */
  static SelinuxLabels choose(
      SelinuxChoice choice, XmlElement live, Supplier<List<XmlElement>> running) {
    synchronized (GIVEN) {
      GIVEN.remove(live.value("uuid", ""));
      long now = System.nanoTime();
      GIVEN.values().removeIf(given -> now - given.since() > LONGEST_START);
      Set<Categories> taken = new HashSet<>(processes());
      GIVEN.values().forEach(given -> taken.add(given.categories()));
      running.get().forEach(other -> of(other).ifPresent(taken::add));
      forget(live);
      SelinuxLabels labels = choice.choose(live, taken);
      of(live).ifPresent(own -> GIVEN.put(live.value("uuid", ""), new Given(own, now)));
      return labels;
    }
  }

  /** A saved guest had a dynamic label that another one may have by now. */
  private static void forget(XmlElement live) {
    for (XmlElement seclabel : live.children("seclabel")) {
      if (isDynamic(seclabel)) {
        seclabel.child("label").ifPresent(XmlElement::detach);
        seclabel.child("imagelabel").ifPresent(XmlElement::detach);
      }
    }
  }

  static boolean isDynamic(XmlElement seclabel) {
    return seclabel.attribute("type", "dynamic").equals("dynamic")
        && seclabel.attribute("model", "selinux").equals("selinux");
  }

  private static Optional<Categories> of(XmlElement live) {
    return live.children("seclabel").stream()
        .flatMap(seclabel -> seclabel.value("label").flatMap(Categories::in).stream())
        .findFirst();
  }

  /** Of another daemon's guests too, which no record here tells of. */
  private static Set<Categories> processes() {
    try {
      return ProcessLabels.taken(Path.of("/proc"));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "the labels of processes cannot be read: " + EngineException.reason(e), e);
    }
  }
}
