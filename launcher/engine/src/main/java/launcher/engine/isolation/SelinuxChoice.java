package launcher.engine.isolation;

import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import launcher.schemas.XmlElement;

/**
 * Chooses a guest's labels from its {@code <seclabel>} and writes the choice into the live
 * definition.
 */
final class SelinuxChoice {
  private final SelinuxHost host;
  private final RandomGenerator random;

  SelinuxChoice(SelinuxHost host, RandomGenerator random) {
    this.host = host;
    this.random = random;
  }

  /**
   * The labels of a guest. A dynamic one without a label yet gets two categories of its own.
   *
   * @param live changed: gets label and imagelabel as it runs
   * @param taken categories of running guests
   */
  SelinuxLabels choose(XmlElement live, Set<Categories> taken) {
    XmlElement seclabel = seclabel(live);
    String content = host.images().get(1);
    return switch (seclabel.attribute("type", "dynamic")) {
      case "none" -> new SelinuxLabels(Optional.empty(), Optional.empty(), content);
      case "static" -> fixed(seclabel, content);
      default -> dynamic(live, seclabel, taken, content);
    };
  }

  private static XmlElement seclabel(XmlElement live) {
    for (XmlElement found : live.children("seclabel")) {
      if (found.is("model", "selinux") || !found.has("model")) {
        return found;
      }
    }
    return live.add("seclabel")
        .set("type", "dynamic")
        .set("model", "selinux")
        .set("relabel", "yes");
  }

  private SelinuxLabels fixed(XmlElement seclabel, String content) {
    String process = seclabel.value("label", "");
    String level = process.contains(":") ? process.split(":", 4)[3] : "s0";
    Optional<String> image =
        seclabel.is("relabel", "yes")
            ? Optional.of(
                seclabel
                    .value("imagelabel")
                    .orElse(SelinuxHost.at(host.images().getFirst(), level)))
            : Optional.empty();
    return new SelinuxLabels(Optional.of(process), image, content);
  }

  private SelinuxLabels dynamic(
      XmlElement live, XmlElement seclabel, Set<Categories> taken, String content) {
    Optional<Categories> known = seclabel.value("label").flatMap(Categories::in);
    String level =
        known
            .orElseGet(() -> Categories.free(Categories.Range.of(host.ownContext()), taken, random))
            .level();
    String usual = host.domains().get(live.is("type", "qemu") ? 1 : 0);
    String process =
        seclabel.value("label").orElse(SelinuxHost.at(seclabel.value("baselabel", usual), level));
    String image =
        seclabel.value("imagelabel").orElse(SelinuxHost.at(host.images().getFirst(), level));
    seclabel.childOrAdd("label").text(process);
    seclabel.childOrAdd("imagelabel").text(image);
    boolean relabel = !seclabel.is("relabel", "no");
    return new SelinuxLabels(
        Optional.of(process), relabel ? Optional.of(image) : Optional.empty(), content);
  }
}
