package launcher.drivers.qemu.memory;

import java.util.List;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Sizes as the machine takes them: each part a multiple of its granularity. */
public final class MemorySizes {
  private static final long MIB = 1024;

  private MemorySizes() {}

  /** Rounds all memory of a guest up to what its machine takes; nothing of it is stored. */
  public static void align(Draft draft) {
    XmlElement domain = draft.domain();
    long granularity = granularityKib(draft.machine());
    long initial = 0;
    for (XmlElement cell : NumaCells.of(domain)) {
      long size = up(number(cell, "memory"), granularity);
      cell.set("memory", size);
      initial += size;
    }
    if (initial == 0) {
      long written = Numbers.parse(domain.value("memory", "")).orElse(0);
      initial = up(Math.max(0, written - modulesKib(domain)), granularity);
    }
    domain.child("maxMemory").ifPresent(m -> m.text(Long.toString(up(text(m), granularity))));
    for (XmlElement module : domain.at("devices").map(d -> d.children("memory")).orElseThrow()) {
      module
          .at("target/size")
          .ifPresent(s -> s.text(Long.toString(moduleKib(draft.machine(), module, text(s)))));
    }
    domain.childOrAdd("memory").text(Long.toString(initial + modulesKib(domain)));
  }

  /** Memory at boot, without modules, of a tree in KiB. */
  public static long initialKib(XmlElement domain) {
    long cells = NumaCells.totalKib(domain);
    long all = Numbers.parse(domain.value("memory", "")).orElse(0);
    return cells > 0 ? cells : all - modulesKib(domain);
  }

  /** What modules give, in KiB. */
  static long modulesKib(XmlElement domain) {
    return domain.at("devices").map(d -> d.children("memory")).orElse(List.of()).stream()
        .mapToLong(m -> m.at("target/size").map(MemorySizes::kib).orElse(0L))
        .sum();
  }

  private static long kib(XmlElement size) {
    return Numbers.bytes(size.text(), size.attribute("unit", "KiB"), "KiB").orElse(0) / 1024;
  }

  private static long number(XmlElement element, String attribute) {
    return Numbers.parse(element.attribute(attribute, "")).orElse(0);
  }

  private static long text(XmlElement element) {
    return Numbers.parse(element.text()).orElse(0);
  }

  // pSeries hands out logical memory blocks of 256 MiB, and POWER's other machines are kept alike.
  private static long granularityKib(Machine machine) {
    return machine.ppc64() ? 256 * MIB : MIB;
  }

  // Modules come in pieces of their own. On a pSeries the label of an NVDIMM is no part of them,
  // and what the file has beyond whole pieces is left alone.
  private static long moduleKib(Machine machine, XmlElement module, long kib) {
    if (machine.pseries() && module.is("model", "nvdimm")) {
      long label = module.at("target/label/size").map(MemorySizes::kib).orElse(0L);
      return (kib - label) / granularityKib(machine) * granularityKib(machine) + label;
    }
    return up(kib, Math.max(2 * MIB, granularityKib(machine)));
  }

  private static long up(long kib, long granularity) {
    return (kib + granularity - 1) / granularity * granularity;
  }
}
