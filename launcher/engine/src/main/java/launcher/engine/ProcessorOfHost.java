package launcher.engine;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.cpu.CpuFeatureNames;
import launcher.schemas.XmlElement;
import launcher.spawn.Argument;

/** What {@code host-model} means on this host: the very words that QEMU would be started with. */
final class ProcessorOfHost {
  private static final String OPTION = "-cpu";

  private ProcessorOfHost() {}

  static Optional<XmlElement> of(Guest guest) {
    if (!guest.tree(XmlView.INACTIVE).value("cpu/@mode", "").equals("host-model")) {
      return Optional.empty();
    }
    List<String> words = guest.explain().stream().map(Argument::text).toList();
    int at = words.indexOf(OPTION);
    return at < 0 || at + 1 >= words.size()
        ? Optional.empty()
        : Optional.of(xml(words.get(at + 1), guest));
  }

  private static XmlElement xml(String words, Guest guest) {
    String[] parts = words.split(",", -1);
    XmlElement cpu = XmlElement.of("cpu").set("mode", "custom").set("match", "exact");
    cpu.set("check", "partial");
    cpu.add("model").set("fallback", "forbid").text(parts[0]);
    guest.tree(XmlView.INACTIVE).at("cpu/topology").ifPresent(topology -> cpu.add(topology.copy()));
    for (String part : List.of(parts).subList(1, parts.length)) {
      String[] both = part.split("=", 2);
      if (both.length == 2 && (both[1].equals("on") || both[1].equals("off"))) {
        cpu.add("feature")
            .set("policy", both[1].equals("on") ? "require" : "disable")
            .set("name", CpuFeatureNames.ofLibvirt(both[0]));
      }
    }
    return cpu;
  }
}
