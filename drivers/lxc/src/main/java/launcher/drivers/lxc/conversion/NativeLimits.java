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
import launcher.schemas.XmlProblem;

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
          V2 + "io.weight",
          V2 + "io.max");

  /** Per device in version 1: the key's end and the element it becomes. */
  private static final Map<String, String> DEVICE =
      Map.of(
          "device_weight", "weight",
          "weight_device", "weight",
          "throttle.read_bps_device", "read_bytes_sec",
          "throttle.write_bps_device", "write_bytes_sec",
          "throttle.read_iops_device", "read_iops_sec",
          "throttle.write_iops_device", "write_iops_sec");

  /** Per device in version 2. */
  private static final Map<String, String> RATE =
      Map.of(
          "rbps", "read_bytes_sec",
          "wbps", "write_bytes_sec",
          "riops", "read_iops_sec",
          "wiops", "write_iops_sec");

  private final NativeConfiguration in;
  private final XmlElement domain;
  private final List<XmlProblem> problems;

  NativeLimits(NativeConfiguration in, XmlElement domain, List<XmlProblem> problems) {
    this.in = in;
    this.domain = domain;
    this.problems = problems;
  }

  static boolean isKnown(String key) {
    String end = key.startsWith(V1 + "blkio.") ? key.substring((V1 + "blkio.").length()) : "";
    return KNOWN.contains(key) || DEVICE.containsKey(end);
  }

  private void warn(Entry at, String expected) {
    String said = "'" + at.value() + "' of '" + at.key() + "' is no " + expected;
    if (problems.stream().noneMatch(p -> p.line() == at.line() && p.file().equals(at.file()))) {
      problems.add(at.problem(said + ", left out").asWarning());
    }
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
    OptionalLong swap = kib(in.last(V1 + "memory.memsw.limit_in_bytes"));
    OptionalLong alone = kib(in.last(V2 + "memory.swap.max"));
    boolean both = swap.isEmpty() && alone.isPresent() && hard.isPresent();
    limit.accept(
        "swap_hard_limit", both ? OptionalLong.of(alone.getAsLong() + hard.getAsLong()) : swap);
    addUnlessEmpty(tune);
  }

  private OptionalLong kib(String v1, String v2) {
    return kib(in.last(V1 + v1, V2 + v2));
  }

  /** None where nothing is said, or no limit: -1 in version 1, max in version 2. */
  private OptionalLong kib(Optional<Entry> entry) {
    if (entry.isEmpty() || entry.get().value().matches("-.*|max")) {
      return OptionalLong.empty();
    }
    OptionalLong bytes = NativeMount.bytes(entry.get().value());
    if (bytes.isEmpty()) {
      warn(entry.get(), "amount of memory");
    }
    return bytes.isPresent() ? OptionalLong.of(bytes.getAsLong() / 1024) : bytes;
  }

  private Optional<String> set(String file) {
    Optional<Entry> entry = in.last(V1 + file, V2 + file);
    Optional<String> set = entry.map(Entry::value).flatMap(IdSet::canonical);
    if (set.isEmpty()) {
      entry.ifPresent(e -> warn(e, "list of numbers such as 0-3,7"));
    }
    return set;
  }

  /** A whole number, of which -1 may mean none. */
  private Optional<String> number(Optional<Entry> entry, String word) {
    Optional<String> number = Optional.of(word).filter(w -> w.matches("-1|[0-9]{1,18}"));
    if (number.isEmpty()) {
      entry.ifPresent(e -> warn(e, "number"));
    }
    return number;
  }

  private Optional<String> number(Optional<Entry> entry) {
    return entry.flatMap(e -> number(entry, e.value()));
  }

  void processors() {
    XmlElement vcpu = domain.add("vcpu").set("placement", "static").text("1");
    set("cpuset.cpus").ifPresent(set -> vcpu.set("cpuset", set));
    XmlElement tune = XmlElement.of("cputune");
    number(in.last(V1 + "cpu.shares", V2 + "cpu.weight"))
        .ifPresent(s -> tune.add("shares").text(s));
    Optional<Entry> most = in.last(V2 + "cpu.max");
    String[] words = most.map(e -> e.value().split("\\s+", 2)).orElse(new String[0]);
    number(in.last(V1 + "cpu.cfs_period_us"))
        .or(() -> words.length == 2 ? number(most, words[1]) : Optional.empty())
        .ifPresent(p -> tune.add("period").text(p));
    number(in.last(V1 + "cpu.cfs_quota_us"))
        .or(() ->
            words.length > 0
                ? number(most, words[0].equals("max") ? "-1" : words[0])
                : Optional.empty())
        .ifPresent(q -> tune.add("quota").text(q));
    addUnlessEmpty(tune);
    set("cpuset.mems")
        .ifPresent(
            set -> domain.add("numatune").add("memory").set("mode", "strict").set("nodeset", set));
  }

  void blocks() {
    XmlElement tune = XmlElement.of("blkiotune");
    Map<String, XmlElement> devices = new TreeMap<>();
    number(in.last(V1 + "blkio.weight")).ifPresent(w -> tune.add("weight").text(w));
    for (Entry entry : in.list(V2 + "io.weight")) {
      String word = entry.value().replaceFirst("^default\\s+", "");
      String[] words = word.split("\\s+", 2);
      if (words.length == 2) {
        device(devices, entry, words[0]).ifPresent(d -> put(d, "weight", entry, words[1]));
      } else {
        number(Optional.of(entry), word).ifPresent(w -> tune.childOrAdd("weight").text(w));
      }
    }
    for (Map.Entry<String, String> kind : new TreeMap<>(DEVICE).entrySet()) {
      for (Entry entry : in.list(V1 + "blkio." + kind.getKey())) {
        String[] words = entry.value().strip().split("\\s+", 2);
        device(devices, entry, words[0])
            .ifPresent(d -> put(d, kind.getValue(), entry, words.length == 2 ? words[1] : ""));
      }
    }
    in.list(V2 + "io.max").forEach(entry -> rates(devices, entry));
    devices.values().stream().filter(d -> d.children().size() > 1).forEach(tune::add);
    addUnlessEmpty(tune);
  }

  /** {@code 8:16 rbps=2097152 wiops=max}. */
  private void rates(Map<String, XmlElement> devices, Entry entry) {
    String[] words = entry.value().split("\\s+");
    Optional<XmlElement> device = device(devices, entry, words[0]);
    for (String word : words) {
      String[] both = word.split("=", 2);
      String element = RATE.get(both[0]);
      if (both.length < 2 || both[1].equals("max")) {
        continue;
      }
      if (element == null) {
        warn(entry, "limit of a disk");
      } else {
        device.ifPresent(d -> put(d, element, entry, both[1]));
      }
    }
  }

  private void put(XmlElement device, String element, Entry entry, String number) {
    number(Optional.of(entry), number).ifPresent(n -> device.childOrAdd(element).text(n));
  }

  /** By the link that the kernel's udev keeps for each number. */
  private Optional<XmlElement> device(
      Map<String, XmlElement> devices, Entry entry, String numbers) {
    if (!numbers.matches("[0-9]{1,9}:[0-9]{1,9}")) {
      warn(entry, "MAJOR:MINOR of a disk and a number");
      return Optional.empty();
    }
    return Optional.of(
        devices.computeIfAbsent(
            numbers,
            n -> {
              XmlElement device = XmlElement.of("device");
              device.add("path").text("/dev/block/" + n);
              return device;
            }));
  }

  private void addUnlessEmpty(XmlElement tune) {
    if (!tune.children().isEmpty()) {
      domain.add(tune);
    }
  }
}
