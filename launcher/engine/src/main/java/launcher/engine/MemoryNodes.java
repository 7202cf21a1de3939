package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** Which memory nodes of the host a guest may use ({@code <numatune>}). */
record MemoryNodes(ChangeActs acts) {
  private static final List<String> MODES =
      List.of("strict", "preferred", "interleave", "restrictive");

  /** What a domain says of it. */
  static Map<String, String> of(XmlElement domain) {
    Map<String, String> said = new LinkedHashMap<>();
    domain
        .at("numatune/memory")
        .ifPresent(memory -> {
          said.put("mode", memory.attribute("mode", "strict"));
          memory.attribute("nodeset").ifPresent(nodes -> said.put("nodeset", nodes));
        });
    return said;
  }

  void choose(Optional<String> mode, Optional<String> nodes, Scope scope) {
    if (mode.isPresent() && !MODES.contains(mode.get())) {
      throw invalid("there is no mode '" + mode.get() + "': " + String.join(", ", MODES));
    }
    if (nodes.isPresent() && (!CpuSet.valid(nodes.get()) || CpuSet.parse(nodes.get()).isEmpty())) {
      throw invalid("'" + nodes.get() + "' is no set of memory nodes such as 0-1,^1");
    }
    Consumer<XmlElement> write =
        domain -> {
          XmlElement memory = TuneElement.of(domain, "numatune").childOrAdd("memory");
          mode.ifPresent(word -> memory.set("mode", word));
          memory.setDefault("mode", "strict");
          nodes.ifPresent(set -> memory.set("nodeset", set));
        };
    acts.carryOut(
        scope,
        new ChangeActs.Change("numatune", text -> text.change(write)),
        () -> {
          throw new EngineException(
              Kind.INVALID,
              "the memory of guest '"
                  + acts.guest().name()
                  + "' stays where it is while it runs: use --config for its next start");
        });
  }

  private static EngineException invalid(String message) {
    return new EngineException(Kind.INVALID, message);
  }
}
