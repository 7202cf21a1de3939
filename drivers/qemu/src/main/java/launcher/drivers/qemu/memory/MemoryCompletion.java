package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Amounts of memory: all in KiB, those left out worked out. */
public final class MemoryCompletion {
  /** The rules, in their order. */
  public static final List<DraftRule> RULES =
      List.of(
          MemoryCompletion::amounts,
          MemoryCompletion::limits,
          MemoryCompletion::currentMemory,
          AutomaticNuma::complete,
          MemoryCompletion::automaticPlacement);

  private static final List<String> LIMITS =
      List.of("hard_limit", "soft_limit", "swap_hard_limit", "min_guarantee");

  private MemoryCompletion() {}

  /** Writes the amount in an element's text in KiB, rounded up; an unreadable one stays. */
  public static void inKib(XmlElement amount, String usualUnit) {
    String unit = amount.attribute("unit", usualUnit);
    OptionalLong bytes = Numbers.bytes(amount.text(), unit, usualUnit);
    if (bytes.isPresent()) {
      amount.text(Long.toString((bytes.getAsLong() + 1023) / 1024));
      amount.set("unit", "KiB");
    }
  }

  private static void amounts(Draft draft) {
    for (String name : List.of("memory", "currentMemory", "maxMemory")) {
      draft.domain().child(name).ifPresent(e -> inKib(e, "KiB"));
    }
    draft
        .domain()
        .child("memoryBacking")
        .filter(b -> b.attributes().isEmpty() && b.children().isEmpty())
        .ifPresent(XmlElement::detach);
    draft
        .domain()
        .at("memoryBacking/hugepages")
        .ifPresent(h -> pages(draft.domain(), h.children("page")));
    for (XmlElement memory : draft.domain().children("memory")) {
      if (memory.is("dumpCore", "default")) {
        memory.unset("dumpCore");
      }
    }
  }

  // without cells the guest is one node, which needs no number
  private static void pages(XmlElement domain, List<XmlElement> pages) {
    pages.forEach(MemoryCompletion::page);
    if (NumaCells.of(domain).isEmpty()
        && pages.size() == 1
        && pages.getFirst().is("nodeset", "0")) {
      pages.getFirst().unset("nodeset");
    }
  }

  private static void page(XmlElement page) {
    OptionalLong bytes =
        Numbers.bytes(page.attribute("size", ""), page.attribute("unit", "KiB"), "KiB");
    if (bytes.isPresent()) {
      page.set("size", bytes.getAsLong() / 1024).set("unit", "KiB");
    }
  }

  private static void limits(Draft draft) {
    draft
        .domain()
        .child("memtune")
        .ifPresent(t -> LIMITS.forEach(l -> t.child(l).ifPresent(e -> inKib(e, "KiB"))));
  }

  private static void currentMemory(Draft draft) {
    XmlElement domain = draft.domain();
    long cells = NumaCells.totalKib(domain);
    if (!domain.hasChild("memory") && cells > 0) {
      long all = cells + MemorySizes.modulesKib(domain);
      domain.add("memory").text(Long.toString(all)).set("unit", "KiB");
    }
    String total = domain.value("memory", "");
    if (!domain.hasChild("currentMemory") && !total.isEmpty()) {
      domain.add("currentMemory").set("unit", "KiB").text(total);
    }
    OptionalLong current = Numbers.parse(domain.value("currentMemory", ""));
    OptionalLong all = Numbers.parse(total);
    boolean odd =
        current.isPresent()
            && all.isPresent()
            && (current.getAsLong() > all.getAsLong() || current.getAsLong() == 0);
    if (odd) {
      domain.childOrAdd("currentMemory").text(total);
    }
  }

  /** CPUs that are placed automatically take the memory with them. */
  private static void automaticPlacement(Draft draft) {
    XmlElement domain = draft.domain();
    boolean automatic = domain.value("vcpu/@placement", "").equals("auto");
    if (automatic && domain.at("numatune/memory").isEmpty()) {
      XmlElement memory = domain.childOrAdd("numatune").addFirst(XmlElement.of("memory"));
      memory.set("mode", "strict").set("placement", "auto");
    }
    domain
        .at("numatune/memory")
        .filter(m -> !m.has("placement") && !m.has("nodeset"))
        .ifPresent(m -> m.set("placement", automatic ? "auto" : "static"));
    for (XmlElement node : domain.child("numatune").map(XmlElement::children).orElse(List.of())) {
      node.setDefault("mode", "strict");
    }
    domain
        .at("numatune/memory")
        .filter(m -> m.has("nodeset") && m.is("placement", "static"))
        .ifPresent(m -> m.unset("placement"));
  }
}
