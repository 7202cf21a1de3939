package launcher.drivers.qemu.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completes the guest's NUMA cells. */
public final class NumaCells {
  private NumaCells() {}

  /** The cells of a domain, in the order of the document. */
  public static List<XmlElement> of(XmlElement domain) {
    return domain.at("cpu/numa").map(n -> n.children("cell")).orElse(List.of());
  }

  /** Memory of all cells together, 0 where there are none. */
  public static long totalKib(XmlElement domain) {
    long sum = 0;
    for (XmlElement cell : of(domain)) {
      sum += Numbers.parse(cell.attribute("memory", "0")).orElse(0);
    }
    return sum;
  }

  /** Whether another process, such as a helper's, may reach all of the guest's memory. */
  public static boolean allShared(XmlElement domain) {
    List<XmlElement> cells = of(domain);
    return domain.value("memoryBacking/access/@mode", "").equals("shared")
        || (!cells.isEmpty() && cells.stream().allMatch(c -> c.is("memAccess", "shared")));
  }

  /** Gives every cell its id and its memory in KiB, CPUs left over to the first one. */
  public static void complete(Draft draft) {
    List<XmlElement> cells = of(draft.domain());
    if (cells.isEmpty()) {
      return;
    }
    for (int i = 0; i < cells.size(); i++) {
      cell(cells.get(i), i);
    }
    List<XmlElement> sorted = new ArrayList<>(cells);
    sorted.sort(Comparator.comparingLong(c -> Numbers.parse(c.attribute("id", "")).orElse(0)));
    XmlElement numa = cells.get(0).parent().orElseThrow();
    List<XmlElement> order = new ArrayList<>(sorted);
    numa.children().stream().filter(c -> !c.name().equals("cell")).forEach(order::add);
    numa.reorder(order);
    leftOver(draft.domain(), sorted);
    distances(sorted);
  }

  private static void cell(XmlElement cell, int index) {
    cell.setDefault("id", Integer.toString(index));
    OptionalLong bytes =
        Numbers.bytes(cell.attribute("memory", ""), cell.attribute("unit", "KiB"), "KiB");
    if (bytes.isPresent()) {
      cell.set("memory", (bytes.getAsLong() + 1023) / 1024).set("unit", "KiB");
    }
    cell.attribute("cpus").ifPresent(c -> cell.set("cpus", CpuSet.write(CpuSet.parse(c))));
  }

  /** QEMU would put them there too, but warns. */
  private static void leftOver(XmlElement domain, List<XmlElement> cells) {
    long count = Math.clamp(Numbers.parse(domain.value("vcpu", "")).orElse(0), 0, CpuSet.MOST);
    BitSet rest = new BitSet();
    rest.set(0, (int) count);
    cells.forEach(c -> rest.andNot(CpuSet.parse(c.attribute("cpus", ""))));
    boolean any = cells.stream().anyMatch(c -> c.has("cpus"));
    if (any && !rest.isEmpty()) {
      rest.or(CpuSet.parse(cells.get(0).attribute("cpus", "")));
      cells.get(0).set("cpus", CpuSet.write(rest));
    }
  }

  /** A distance is the same in both directions, unless it is said; to itself it is 10. */
  private static void distances(List<XmlElement> cells) {
    if (cells.stream().noneMatch(c -> c.hasChild("distances"))) {
      return;
    }
    long[][] known = new long[cells.size()][cells.size()];
    for (int i = 0; i < cells.size(); i++) {
      for (XmlElement sibling : siblings(cells.get(i))) {
        int to = (int) Numbers.parse(sibling.attribute("id", "")).orElse(-1);
        if (to >= 0 && to < cells.size()) {
          known[i][to] = Numbers.parse(sibling.attribute("value", "")).orElse(0);
        }
      }
    }
    for (int i = 0; i < cells.size(); i++) {
      rewrite(cells.get(i), known, i);
    }
  }

  private static List<XmlElement> siblings(XmlElement cell) {
    return cell.child("distances").map(d -> d.children("sibling")).orElse(List.of());
  }

  private static void rewrite(XmlElement cell, long[][] known, int from) {
    boolean said = false;
    for (int to = 0; to < known.length; to++) {
      said = said || known[from][to] != 0 || known[to][from] != 0;
    }
    if (!said) {
      return;
    }
    XmlElement distances = cell.childOrAdd("distances");
    List.copyOf(distances.children()).forEach(XmlElement::detach);
    for (int to = 0; to < known.length; to++) {
      long value = known[from][to] != 0 ? known[from][to] : known[to][from];
      long usual = from == to ? 10 : 0;
      if (value != 0 || usual != 0) {
        distances.add("sibling").set("id", to).set("value", value != 0 ? value : usual);
      }
    }
  }
}
