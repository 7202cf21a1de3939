package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.lxc.ContainerFacts.DeviceNode;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * Memory, processors and disks' bandwidth as keys of control groups: {@code lxc.cgroup.*} for a
 * controller with a hierarchy of its own, {@code lxc.cgroup2.*} for one in the unified hierarchy.
 */
final class Limits {
  /** From here on libvirt means "no limit": the largest number of KiB whose bytes fit 63 bits. */
  private static final long UNLIMITED_KIB = (1L << 53) - 1;

  private final XmlElement domain;
  private final ContainerFacts facts;
  private final LxcConfiguration out;

  private Limits(XmlElement domain, ContainerFacts facts, LxcConfiguration out) {
    this.domain = domain;
    this.facts = facts;
    this.out = out;
  }

  static void write(XmlElement domain, ContainerFacts facts, LxcConfiguration out) {
    Limits limits = new Limits(domain, facts, out);
    limits.memory();
    limits.processors();
    limits.placement();
    limits.disks();
  }

  private void memory() {
    OptionalLong hard = kib(domain, "memtune/hard_limit");
    OptionalLong most = hard.isPresent() ? hard : kib(domain, "memory");
    most.ifPresent(l -> set("memory", "memory.limit_in_bytes", "memory.max", l * 1024));
    kib(domain, "memtune/soft_limit")
        .ifPresent(l -> set("memory", "memory.soft_limit_in_bytes", "memory.high", l * 1024));
    OptionalLong swap = kib(domain, "memtune/swap_hard_limit");
    if (swap.isPresent()) {
      // Version 1 limits memory and swap together, version 2 swap alone.
      boolean unified = facts.groups().isUnified("memory");
      long alone = Math.max(0, swap.getAsLong() - most.orElse(0));
      long bytes = 1024 * (unified ? alone : swap.getAsLong());
      set("memory", "memory.memsw.limit_in_bytes", "memory.swap.max", bytes);
    }
  }

  /** An amount in KiB, none where it is absent or means no limit. */
  static OptionalLong kib(XmlElement from, String path) {
    OptionalLong bytes =
        from.at(path)
            .map(e -> Numbers.bytes(e.text(), e.attribute("unit", "KiB"), "KiB"))
            .orElse(OptionalLong.empty());
    boolean limited = bytes.isPresent() && bytes.getAsLong() / 1024 < UNLIMITED_KIB;
    return limited ? OptionalLong.of(bytes.getAsLong() / 1024) : OptionalLong.empty();
  }

  private void processors() {
    domain
        .value("cputune/shares")
        .ifPresent(
            shares -> set("cpu", "cpu.shares", "cpu.weight", Long.parseLong(shares.strip())));
    OptionalLong period = number("period", "global_period");
    OptionalLong quota = number("quota", "global_quota");
    if (facts.groups().isUnified("cpu")) {
      if (period.isPresent() || quota.isPresent()) {
        long most = quota.orElse(-1);
        String words = (most < 0 ? "max" : Long.toString(most)) + " " + period.orElse(100_000);
        out.add("lxc.cgroup2.cpu.max", words);
      }
      return;
    }
    period.ifPresent(p -> out.add("lxc.cgroup.cpu.cfs_period_us", p));
    quota.ifPresent(q -> out.add("lxc.cgroup.cpu.cfs_quota_us", q));
  }

  private OptionalLong number(String name, String other) {
    XmlElement tune = domain.child("cputune").orElse(XmlElement.of("cputune"));
    return tune.value(name)
        .or(() -> tune.value(other))
        .map(Numbers::parse)
        .orElse(OptionalLong.empty());
  }

  private void placement() {
    domain
        .value("vcpu/@cpuset")
        .ifPresent(set -> set("cpuset", "cpuset.cpus", "cpuset.cpus", IdSet.parse(set).toString()));
    domain
        .value("numatune/memory/@nodeset")
        .ifPresent(set -> set("cpuset", "cpuset.mems", "cpuset.mems", IdSet.parse(set).toString()));
  }

  private void disks() {
    XmlElement tune = domain.child("blkiotune").orElse(XmlElement.of("blkiotune"));
    String own = facts.groups().budgetFair() ? "bfq." : "";
    tune.value("weight")
        .ifPresent(
            w -> set("blkio", "io", "blkio." + own + "weight", "io." + own + "weight", w.strip()));
    for (XmlElement device : tune.children("device")) {
      DeviceNode node = facts.devices().get(device.value("path", ""));
      if (node == null) {
        throw new IllegalStateException("'" + device.value("path", "") + "' was not looked up");
      }
      disk(device, node.numbers(), own);
    }
  }

  private void disk(XmlElement device, String node, String own) {
    device
        .value("weight")
        .ifPresent(w ->
            set(
                "blkio",
                "io",
                "blkio." + own + "weight_device",
                "io." + own + "weight",
                node + " " + w.strip()));
    List<String> most = new ArrayList<>();
    rate(device, node, "read_bytes_sec", "read_bps", "rbps", most);
    rate(device, node, "write_bytes_sec", "write_bps", "wbps", most);
    rate(device, node, "read_iops_sec", "read_iops", "riops", most);
    rate(device, node, "write_iops_sec", "write_iops", "wiops", most);
    if (facts.groups().isUnified("io") && !most.isEmpty()) {
      out.add("lxc.cgroup2.io.max", node + " " + String.join(" ", most));
    }
  }

  private void rate(
      XmlElement device, String node, String element, String v1, String v2, List<String> most) {
    String amount = device.value(element, "0").strip();
    if (amount.equals("0")) {
      return;
    }
    most.add(v2 + "=" + amount);
    if (!facts.groups().isUnified("io")) {
      out.add("lxc.cgroup.blkio.throttle." + v1 + "_device", node + " " + amount);
    }
  }

  private void set(String controller, String v1, String v2, long value) {
    set(controller, v1, v2, Long.toString(value));
  }

  private void set(String controller, String v1, String v2, String value) {
    set(controller, controller, v1, v2, value);
  }

  private void set(String controller, String unified, String v1, String v2, String value) {
    boolean two =
        !controller.equals(unified)
            ? facts.groups().isUnified(unified)
            : facts.groups().isUnified(controller);
    out.add(two ? "lxc.cgroup2." + v2 : "lxc.cgroup." + v1, value);
  }
}
