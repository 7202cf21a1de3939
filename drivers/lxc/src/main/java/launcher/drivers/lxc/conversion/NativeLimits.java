package launcher.drivers.lxc.conversion;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import launcher.drivers.lxc.IdSet;
import launcher.drivers.lxc.conversion.NativeConfiguration.Entry;
import launcher.schemas.XmlElement;

/** Keys of control groups, of version 1 or 2, and the tuning they become. */
final class NativeLimits {
  private static final String V1 = "lxc.cgroup.";
  private static final String V2 = "lxc.cgroup2.";

  private static final List<String> KNOWN =
      List.of(
          V1 + "memory.limit_in_bytes",
          V1 + "memory.soft_limit_in_bytes",
          V1 + "memory.memsw.limit_in_bytes",
          V2 + "memory.max",
          V2 + "memory.high",
          V2 + "memory.swap.max",
          V1 + "cpu.shares",
          V2 + "cpu.weight",
          V1 + "cpu.cfs_period_us",
          V1 + "cpu.cfs_quota_us",
          V2 + "cpu.max",
          V1 + "cpuset.cpus",
          V2 + "cpuset.cpus",
          V1 + "cpuset.mems",
          V2 + "cpuset.mems",
          V1 + "blkio.weight",
          V2 + "io.weight");

  /** Per device in version 1: the key's end and the element it becomes. */
  private static final Map<String, String> DEVICE =
      Map.of(
          "device_weight", "weight",
          "weight_device", "weight",
          "throttle.read_bps_device", "read_bytes_sec",
          "throttle.write_bps_device", "write_bytes_sec",
          "throttle.read_iops_device", "read_iops_sec",
          "throttle.write_iops_device", "write_iops_sec");

  private final NativeConfiguration in;
  private final XmlElement domain;

  NativeLimits(NativeConfiguration in, XmlElement domain) {
    this.in = in;
    this.domain = domain;
  }

  static boolean isKnown(String key) {
    String end = key.startsWith(V1 + "blkio.") ? key.substring((V1 + "blkio.").length()) : "";
    return KNOWN.contains(key) || DEVICE.containsKey(end);
  }

  void memory(long usualKib) {
    long kib = kib("memory.limit_in_bytes", "memory.max").orElse(usualKib);
    domain.add("memory").set("unit", "KiB").text(Long.toString(kib));
    domain.add("currentMemory").set("unit", "KiB").text(Long.toString(kib));
  }

  void memoryTune() {
    XmlElement tune = XmlElement.of("memtune");
    BiConsumer<String, OptionalLong> limit =
        (name, kib) -> kib.ifPresent(k -> tune.add(name).set("unit", "KiB").text(Long.toString(k)));
    OptionalLong hard = kib("memory.limit_in_bytes", "memory.max");
    limit.accept("hard_limit", hard);
    limit.accept("soft_limit", kib("memory.soft_limit_in_bytes", "memory.high"));
    OptionalLong swap =
        in.value(V1 + "memory.memsw.limit_in_bytes")
            .map(NativeLimits::toKib)
            .orElse(OptionalLong.empty());
    OptionalLong alone =
        in.value(V2 + "memory.swap.max").map(NativeLimits::toKib).orElse(OptionalLong.empty());
    boolean both = swap.isEmpty() && alone.isPresent() && hard.isPresent();
    limit.accept(
        "swap_hard_limit", both ? OptionalLong.of(alone.getAsLong() + hard.getAsLong()) : swap);
    addUnlessEmpty(tune);
  }

  private OptionalLong kib(String v1, String v2) {
    return in.value(V1 + v1, V2 + v2).map(NativeLimits::toKib).orElse(OptionalLong.empty());
  }

  private static OptionalLong toKib(String text) {
    OptionalLong bytes = text.startsWith("-") ? OptionalLong.empty() : NativeMount.bytes(text);
    return bytes.isPresent() ? OptionalLong.of(bytes.getAsLong() / 1024) : bytes;
  }

  void processors() {
    XmlElement vcpu = domain.add("vcpu").set("placement", "static").text("1");
    in.value(V1 + "cpuset.cpus", V2 + "cpuset.cpus")
        .flatMap(IdSet::canonical)
        .ifPresent(set -> vcpu.set("cpuset", set));
    XmlElement tune = XmlElement.of("cputune");
    in.value(V1 + "cpu.shares", V2 + "cpu.weight").ifPresent(s -> tune.add("shares").text(s));
    Optional<String[]> most = in.value(V2 + "cpu.max").map(words -> words.split("\\s+", 2));
    in.value(V1 + "cpu.cfs_period_us")
        .or(() -> most.filter(m -> m.length == 2).map(m -> m[1]))
        .ifPresent(p -> tune.add("period").text(p));
    in.value(V1 + "cpu.cfs_quota_us")
        .or(() -> most.map(m -> m[0].equals("max") ? "-1" : m[0]))
        .ifPresent(q -> tune.add("quota").text(q));
    addUnlessEmpty(tune);
    in.value(V1 + "cpuset.mems", V2 + "cpuset.mems")
        .flatMap(IdSet::canonical)
        .ifPresent(
            set -> domain.add("numatune").add("memory").set("mode", "strict").set("nodeset", set));
  }

  void blocks() {
    XmlElement tune = XmlElement.of("blkiotune");
    in.value(V1 + "blkio.weight", V2 + "io.weight")
        .map(w -> w.replaceFirst("^default\\s+", ""))
        .ifPresent(w -> tune.add("weight").text(w));
    Map<String, XmlElement> devices = new TreeMap<>();
    for (Map.Entry<String, String> kind : new TreeMap<>(DEVICE).entrySet()) {
      for (Entry entry : in.list(V1 + "blkio." + kind.getKey())) {
        String[] words = entry.value().strip().split("\\s+", 2);
        if (words.length == 2 && words[0].matches("[0-9]+:[0-9]+")) {
          XmlElement device = devices.computeIfAbsent(words[0], NativeLimits::device);
          device.childOrAdd(kind.getValue()).text(words[1]);
        }
      }
    }
    devices.values().forEach(tune::add);
    addUnlessEmpty(tune);
  }

  /** By the link that the kernel's udev keeps for each number. */
  private static XmlElement device(String numbers) {
    XmlElement device = XmlElement.of("device");
    device.add("path").text("/dev/block/" + numbers);
    return device;
  }

  private void addUnlessEmpty(XmlElement tune) {
    if (!tune.children().isEmpty()) {
      domain.add(tune);
    }
  }
}
