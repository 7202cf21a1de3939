package launcher.drivers.qemu.memory;

import java.util.Set;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Memory can be plugged into NUMA cells only: a guest that has none has one with all in it. */
final class AutomaticNuma {
  /** Memory that belongs to a cell. */
  private static final Set<String> PLACED = Set.of("dimm", "nvdimm", "virtio-mem");

  private AutomaticNuma() {}

  static void complete(Draft draft) {
    XmlElement domain = draft.domain();
    long most = Numbers.parse(domain.value("vcpu", "1")).orElse(1);
    boolean elsewhere = draft.machine().ppc64() || draft.machine().s390();
    if (!domain.hasChild("maxMemory") || !NumaCells.of(domain).isEmpty() || elsewhere || most < 1) {
      return;
    }
    long all = Numbers.parse(domain.value("memory", "")).orElse(0);
    long cell = all - MemorySizes.modulesKib(domain);
    if (cell > 0) {
      draft.devices("memory").stream()
          .filter(m -> PLACED.contains(m.attribute("model", "")))
          .map(m -> m.childOrAdd("target"))
          .filter(t -> !t.hasChild("node"))
          .forEach(t -> t.add("node").text("0"));
      domain
          .childOrAdd("cpu")
          .childOrAdd("numa")
          .add("cell")
          .set("id", 0)
          .set("cpus", CpuSet.write(CpuSet.parse(most == 1 ? "0" : "0-" + (most - 1))))
          .set("memory", cell)
          .set("unit", "KiB");
    }
  }
}
