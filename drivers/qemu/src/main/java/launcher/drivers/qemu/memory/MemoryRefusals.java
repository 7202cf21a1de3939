package launcher.drivers.qemu.memory;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Memory that cannot be: cells, large pages, host nodes. */
public final class MemoryRefusals {
  /** What must be asked before cells are completed. */
  public static final List<DraftRule> AS_WRITTEN = List.of(MemoryRefusals::cells);

  /** The others. */
  public static final List<DraftRule> RULES =
      List.of(
          MemoryRefusals::overflow,
          MemoryRefusals::maximum,
          MemoryRefusals::pages,
          MemoryRefusals::placement,
          MemoryRefusals::cellNodes,
          MemoryRefusals::hotPlugNodes,
          MemoryRefusals::hierarchy,
          MemoryDeviceRefusals::check);

  // the largest amount that can still be rounded up and counted in bytes
  private static final long LARGEST_KIB = Long.MAX_VALUE / 1024 - 1024;

  private MemoryRefusals() {}

  // QEMU makes a node of its own then; the definition must say so too.
  private static void hotPlugNodes(Draft draft) {
    boolean none = NumaCells.of(draft.domain()).isEmpty();
    boolean needed = !draft.machine().ppc64() && !draft.machine().s390();
    draft
        .domain()
        .child("maxMemory")
        .filter(m -> none && needed)
        .ifPresent(m ->
            draft.refuse(
                m, "at least one numa node has to be configured when enabling memory hotplug"));
  }

  private static void cells(Draft draft) {
    List<XmlElement> cells = NumaCells.of(draft.domain());
    Set<Long> ids = new HashSet<>();
    BitSet cpus = new BitSet();
    for (int i = 0; i < cells.size(); i++) {
      XmlElement cell = cells.get(i);
      long id = Numbers.parse(cell.attribute("id", "")).orElse(i);
      if (id >= cells.size() || !ids.add(id)) {
        draft.refuse(
            cell,
            "exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or"
                + " ranges not starting from 0 are not allowed");
      }
      BitSet own = CpuSet.parse(cell.attribute("cpus", ""));
      if (cpus.intersects(own)) {
        draft.refuse(cell, "NUMA cells overlap: a CPU is in two of them");
      }
      cpus.or(own);
      cell.child("distances").ifPresent(d -> distances(draft, d, id, cells.size()));
    }
    if (!cells.isEmpty()) {
      cpus(draft, cells.getFirst(), cpus);
    }
  }

  private static void cpus(Draft draft, XmlElement cell, BitSet cpus) {
    long most = Numbers.parse(draft.domain().value("vcpu", "1")).orElse(1);
    if (cpus.cardinality() > most) {
      draft.refuse(cell, "number of CPUs in <numa> exceeds the <vcpu> count");
    } else if (cpus.length() > most) {
      draft.refuse(cell, "CPU IDs in <numa> exceed the <vcpu> count");
    }
  }

  private static void distances(Draft draft, XmlElement distances, long from, int count) {
    for (XmlElement sibling : distances.children("sibling")) {
      long to = Numbers.parse(sibling.attribute("id", "")).orElse(-1);
      long value = Numbers.parse(sibling.attribute("value", "")).orElse(0);
      if (to < 0 || to >= count) {
        draft.refuse(sibling, "'sibling_id %d' does not refer to a valid cell".formatted(to));
      }
      if (value < 10 || value > 255 || (to == from) != (value == 10)) {
        draft.refuse(
            sibling,
            "'value %d' is invalid for 'sibling id %d' under NUMA cell %d: 10 to itself, 11 to 255"
                    .formatted(value, to, from)
                + " to others");
      }
    }
  }

  private static void overflow(Draft draft) {
    for (XmlElement cell : NumaCells.of(draft.domain())) {
      if (Numbers.parse(cell.attribute("memory", "")).orElse(0) > LARGEST_KIB) {
        draft.refuse(
            cell,
            "memory size of NUMA node '%s' overflowed after alignment"
                .formatted(cell.attribute("id", "")));
      }
    }
    if (Numbers.parse(draft.domain().value("memory", "")).orElse(0) > LARGEST_KIB) {
      draft.refuse(draft.domain().childOrAdd("memory"), "initial memory size is too large");
    }
  }

  private static void maximum(Draft draft) {
    draft
        .domain()
        .child("maxMemory")
        .ifPresent(m -> {
          long most = Numbers.parse(m.text()).orElse(0);
          long all = Numbers.parse(draft.domain().value("memory", "")).orElse(0);
          if (most < all) {
            draft.refuse(
                m, "maximum memory size must be equal or greater than the actual memory size");
          }
        });
  }

  private static List<XmlElement> pageElements(Draft draft) {
    return draft
        .domain()
        .at("memoryBacking/hugepages")
        .map(h -> h.children("page"))
        .orElse(List.of());
  }

  private static void pages(Draft draft) {
    int cells = NumaCells.of(draft.domain()).size();
    long common = 0;
    BitSet seen = new BitSet();
    for (XmlElement page : pageElements(draft)) {
      long kib = GuestMemory.kib(page.attribute("size", ""), page.attribute("unit")).orElse(0L);
      if (kib != 4 && draft.host().hugepages().stream().noneMatch(m -> m.sizeKib() == kib)) {
        draft.refuse(page, "unable to find any usable hugetlbfs mount for %d KiB".formatted(kib));
      }
      Optional<String> nodes = page.attribute("nodeset");
      if (nodes.isEmpty() || (cells == 0 && CpuSet.parse(nodes.get()).get(0))) {
        if (common != 0 && common != kib) {
          draft.refuse(page, "two master hugepages detected: %d and %d".formatted(kib, common));
        }
        common = kib;
      }
      nodes.ifPresent(n -> pageNodes(draft, page, CpuSet.parse(n), Math.max(cells, 1), seen));
    }
  }

  private static void pageNodes(
      Draft draft, XmlElement page, BitSet nodes, int cells, BitSet seen) {
    int missing = nodes.nextSetBit(cells);
    if (missing >= 0) {
      draft.refuse(page, "hugepages: node %d not found".formatted(missing));
    }
    if (seen.intersects(nodes)) {
      draft.refuse(page, "nodeset attribute of hugepages overlaps with another one");
    }
    seen.or(nodes);
  }

  private static void placement(Draft draft) {
    XmlElement memory = draft.domain().at("numatune/memory").orElse(XmlElement.of("memory"));
    if (memory.is("placement", "static") && !memory.has("nodeset")) {
      draft.refuse(memory, "nodeset for NUMA memory tuning must be set if 'placement' is 'static'");
    }
    memory
        .attribute("nodeset")
        .ifPresent(n -> {
          BitSet nodes = CpuSet.parse(n);
          if (nodes.isEmpty()) {
            draft.refuse(memory, "invalid value of 'nodeset': %s".formatted(n));
          }
          if (memory.is("mode", "restrictive")) {
            available(draft, memory, nodes);
          }
        });
  }

  /** Restrictive memory is the kernel's to place: it must be able to at once. */
  private static void available(Draft draft, XmlElement element, BitSet nodes) {
    int far = CpuSet.parse(draft.host().numaNodes()).length() - 1;
    nodes.stream()
        .filter(n -> n > Math.max(far, 63))
        .findFirst()
        .ifPresent(n -> draft.refuse(element, "NUMA node %d is unavailable".formatted(n)));
  }

  private static void cellNodes(Draft draft) {
    List<XmlElement> nodes =
        draft.domain().child("numatune").map(t -> t.children("memnode")).orElse(List.of());
    int cells = NumaCells.of(draft.domain()).size();
    XmlElement memory = draft.domain().at("numatune/memory").orElse(XmlElement.of("memory"));
    Set<String> seen = new HashSet<>();
    for (XmlElement node : nodes) {
      if (cells == 0) {
        draft.refuse(node, "element 'memnode' is invalid without any guest NUMA cells");
      } else if (Numbers.parse(node.attribute("cellid", "")).orElse(0) >= cells) {
        draft.refuse(node, "argument 'cellid' in memnode element must correspond to a cell");
      }
      if (!seen.add(node.attribute("cellid", ""))) {
        draft.refuse(
            node,
            "multiple 'memnode' elements with cellid %s".formatted(node.attribute("cellid", "")));
      }
      if (memory.is("placement", "auto")) {
        draft.refuse(node, "per-node binding is not compatible with automatic NUMA placement");
      }
      if (memory.is("mode", "restrictive") != node.is("mode", "restrictive")
          && memory.has("mode")) {
        draft.refuse(
            node,
            "'restrictive' mode is required in memnode element when mode is 'restrictive' in"
                + " memory element, and the other way round");
      }
    }
  }

  private static void hierarchy(Draft draft) {
    List<XmlElement> cells = NumaCells.of(draft.domain());
    for (XmlElement link :
        draft.domain().at("cpu/numa/interconnects").map(XmlElement::children).orElse(List.of())) {
      for (String end : List.of("initiator", "target")) {
        String id = link.attribute(end, "");
        if (cells.stream().noneMatch(c -> c.is("id", id))) {
          draft.refuse(link, "'%s' refers to a NUMA cell that is not there: %s".formatted(end, id));
        }
      }
      cells.stream()
          .filter(c -> link.has("cache") && c.is("id", link.attribute("target", "")))
          .filter(c ->
              c.children("cache").stream()
                  .noneMatch(e -> e.is("level", link.attribute("cache", ""))))
          .forEach(c -> draft.refuse(link, "'cache' refers to a cache that the cell has not"));
    }
  }
}
