package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.schemas.domain.Cpu;
import launcher.schemas.domain.GuestNuma;
import launcher.schemas.domain.GuestNuma.Cell;
import launcher.schemas.domain.Numbers;

/** {@code -numa}: the guest's memory nodes, how far apart and how fast they are. */
public final class NumaSection {
  private static final List<String> LEVELS =
      List.of("memory", "first-level", "second-level", "third-level");
  private static final Map<String, String> POLICIES =
      Map.of("none", "none", "writeback", "write-back", "writethrough", "write-through");
  private static final Map<String, String> ASSOCIATIVITIES =
      Map.of("none", "none", "direct", "direct", "full", "complex");

  private NumaSection() {}

  /** Writes all of it. */
  public static void write(Guest guest, CommandLine out) {
    Optional<GuestNuma> numa = guest.domain().cpu().flatMap(Cpu::numa);
    if (numa.isEmpty() || numa.get().cells().isEmpty()) {
      return;
    }
    boolean plain = plain(guest);
    if (plain && GuestMemory.immediate(guest)) {
      out.add(numa.get().element(), "-mem-prealloc");
    }
    for (Cell cell : numa.get().cells()) {
      node(guest, cell, plain, out);
    }
    NumaDistances.write(numa.get().cells(), out);
    numa.get().interconnects().ifPresent(i -> interconnects(i, out));
    numa.get().cells().forEach(c -> c.caches().forEach(cache -> cache(c, cache, out)));
  }

  /** Whether the cells are plain amounts of memory, and the machine still takes them so. */
  static boolean plain(Guest guest) {
    boolean understood =
        guest
            .capabilities()
            .machine(guest.domain().type(), guest.machine().name())
            .filter(MachineType::numaMemory)
            .isPresent();
    List<Cell> cells =
        guest.domain().cpu().flatMap(Cpu::numa).map(GuestNuma::cells).orElse(List.of());
    return understood
        && !cells.isEmpty()
        && !latencies(guest)
        && cells.stream().noneMatch(c -> backend(guest, c).special());
  }

  private static MemoryBackend backend(Guest guest, Cell cell) {
    long id = cell.id().orElse(0);
    return MemoryBackend.of(guest, "ram-node" + id, cell.memory().orElse(0) * 1024)
        .cell(id)
        .access(cell.memAccess())
        .discard(cell.discard());
  }

  private static void node(Guest guest, Cell cell, boolean plain, CommandLine out) {
    if (!plain) {
      backend(guest, cell).write(out, cell.element());
    }
    StringBuilder node = new StringBuilder("node,nodeid=").append(cell.id().orElse(0));
    for (String run : CpuSet.runs(CpuSet.parse(cell.cpus().orElse("")))) {
      node.append(",cpus=").append(run);
    }
    initiator(guest, cell).ifPresent(i -> node.append(",initiator=").append(i));
    if (plain) {
      node.append(",mem=").append(cell.memory().orElse(0) / 1024);
    } else {
      node.append(",memdev=ram-node").append(cell.id().orElse(0));
    }
    out.add(cell, "-numa", node.toString());
  }

  /** Needed with latencies: the node itself, or for one without CPUs the first that has some. */
  private static Optional<Long> initiator(Guest guest, Cell cell) {
    if (!latencies(guest)) {
      return Optional.empty();
    }
    GuestNuma numa = guest.domain().cpu().flatMap(Cpu::numa).orElseThrow();
    if (cell.cpus().isPresent()) {
      return Optional.of(cell.id().orElse(0));
    }
    return numa.cells().stream()
        .filter(c -> c.cpus().isPresent())
        .findFirst()
        .map(c -> c.id().orElse(0));
  }

  private static boolean latencies(Guest guest) {
    return guest
        .domain()
        .cpu()
        .flatMap(Cpu::numa)
        .filter(n ->
            n.interconnects().isPresent()
                || n.cells().stream().anyMatch(c -> !c.caches().isEmpty()))
        .isPresent();
  }

  private static void interconnects(GuestNuma.Interconnects interconnects, CommandLine out) {
    for (GuestNuma.Latency latency : interconnects.latencies()) {
      Props props =
          Props.of("type", "hmat-lb")
              .put("initiator", latency.initiator())
              .put("target", latency.target())
              .put("hierarchy", LEVELS.get((int) latency.cache().orElse(0)))
              .put("data-type", latency.type().orElse("access") + "-latency")
              .put("latency", latency.value());
      out.add(latency, "-numa", props.text("type"));
    }
    for (GuestNuma.Bandwidth bandwidth : interconnects.bandwidths()) {
      String amount = Long.toString(bandwidth.value().orElse(0));
      Props props =
          Props.of("type", "hmat-lb")
              .put("initiator", bandwidth.initiator())
              .put("target", bandwidth.target())
              .put("hierarchy", LEVELS.get((int) bandwidth.cache().orElse(0)))
              .put("data-type", bandwidth.type().orElse("access") + "-bandwidth")
              .put("bandwidth", GuestMemory.kib(amount, bandwidth.unit()).orElse(0L) + "K");
      out.add(bandwidth, "-numa", props.text("type"));
    }
  }

  private static void cache(Cell cell, GuestNuma.NodeCache cache, CommandLine out) {
    Props props = Props.of("type", "hmat-cache").put("node-id", cell.id());
    cache
        .size()
        .flatMap(s -> GuestMemory.kib(Long.toString(s.value().orElse(0)), s.unit()))
        .ifPresent(kib -> props.put("size", kib + "K"));
    props.put("level", cache.level());
    cache
        .associativity()
        .ifPresent(a -> props.put("associativity", ASSOCIATIVITIES.getOrDefault(a, a)));
    cache.policy().ifPresent(p -> props.put("policy", POLICIES.getOrDefault(p, p)));
    cache.line().ifPresent(l -> props.put("line", lineBytes(l)));
    out.add(cache, "-numa", props.text("type"));
  }

  private static long lineBytes(GuestNuma.CacheLine line) {
    return Numbers.bytes(Long.toString(line.value().orElse(0)), line.unit().orElse("B"), "B")
        .orElse(0);
  }
}
