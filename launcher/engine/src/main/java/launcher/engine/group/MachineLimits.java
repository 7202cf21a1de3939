package launcher.engine.group;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import launcher.drivers.plan.IsolationStep.LimitUse;
import launcher.engine.GuestLimit;
import launcher.engine.host.DeviceFile;
import launcher.schemas.XmlElement;

/**
 * What a QEMU guest's definition lets it use of the host ({@code <memtune>}, {@code <cputune>},
 * {@code <blkiotune>}; libvirt formatdomain), in words of its control groups.
 *
 * <p>libvirt limits each processor's thread to {@code <quota>}; here the whole process has that of
 * all its processors together, since a group of its own for each thread would bind no more.
 */
public final class MachineLimits {
  /** Where control groups are mounted. */
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  /** From here on libvirt takes an amount of memory for none, in KiB. */
  private static final long UNLIMITED_KIB = 9_007_199_254_740_988L;

  private static final long USUAL_PERIOD = 100_000;
  private static final long LEAST_QUOTA = 1000;

  /** Limits of one disk: the XML's word, its file in version 1, its word in version 2's io.max. */
  private static final Map<String, List<String>> DISK =
      Map.of(
          "read_bytes_sec", List.of("blkio.throttle.read_bps_device", "rbps"),
          "write_bytes_sec", List.of("blkio.throttle.write_bps_device", "wbps"),
          "read_iops_sec", List.of("blkio.throttle.read_iops_device", "riops"),
          "write_iops_sec", List.of("blkio.throttle.write_iops_device", "wiops"));

  private MachineLimits() {}

  /** The step that limits a guest, none when its definition says nothing of it. */
  public static Optional<LimitUse> step(XmlElement live) {
    Map<String, Long> limits = new LinkedHashMap<>();
    of(live).forEach((limit, value) -> limits.put(limit.word(), value));
    List<String> disks = disks(live);
    return limits.isEmpty() && disks.isEmpty()
        ? Optional.empty()
        : Optional.of(new LimitUse(GROUPS, live.value("uuid", ""), limits, disks));
  }

  /** The step that takes back what a guest is limited by later. */
  public static LimitUse step(String uuid) {
    return new LimitUse(GROUPS, uuid, Map.of(), List.of());
  }

  /** Every limit that a definition says; memory in KiB, -1 for none; the quota is that of all. */
  public static Map<GuestLimit, Long> of(XmlElement live) {
    Map<GuestLimit, Long> limits = new EnumMap<>(GuestLimit.class);
    for (GuestLimit limit : GuestLimit.values()) {
      number(live, limit.element())
          .ifPresent(
              value -> limits.put(limit, limit.isMemory() && value >= UNLIMITED_KIB ? -1L : value));
    }
    long quota = limits.getOrDefault(GuestLimit.VCPU_QUOTA, 0L);
    if (quota > 0) {
      long present = number(live, "vcpu/@current").or(() -> number(live, "vcpu")).orElse(1L);
      limits.put(GuestLimit.VCPU_QUOTA, quota * present);
    }
    global(live, limits);
    return limits;
  }

  /** The limit of the whole guest holds where it is the narrower one. */
  private static void global(XmlElement live, Map<GuestLimit, Long> limits) {
    long quota = number(live, "cputune/global_quota").orElse(0L);
    long period = number(live, "cputune/global_period").orElse(USUAL_PERIOD);
    long other = limits.getOrDefault(GuestLimit.VCPU_QUOTA, 0L);
    long otherPeriod = limits.getOrDefault(GuestLimit.VCPU_PERIOD, USUAL_PERIOD);
    BigInteger share = BigInteger.valueOf(quota).multiply(BigInteger.valueOf(otherPeriod));
    BigInteger otherShare = BigInteger.valueOf(other).multiply(BigInteger.valueOf(period));
    if (quota >= LEAST_QUOTA && (other <= 0 || share.compareTo(otherShare) < 0)) {
      limits.put(GuestLimit.VCPU_PERIOD, period);
      limits.put(GuestLimit.VCPU_QUOTA, quota);
    }
  }

  /** The limits of a step, by their words there; not those of disks. */
  public static Map<GuestLimit, Long> limits(LimitUse step) {
    Map<GuestLimit, Long> limits = new EnumMap<>(GuestLimit.class);
    for (GuestLimit limit : GuestLimit.values()) {
      Optional.ofNullable(step.limits().get(limit.word()))
          .ifPresent(value -> limits.put(limit, value));
    }
    return limits;
  }

  private static Optional<Long> number(XmlElement live, String path) {
    return live.value(path)
        .map(String::strip)
        .filter(text -> text.matches("-?[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  private static List<String> disks(XmlElement live) {
    List<String> disks = new ArrayList<>();
    for (XmlElement device :
        live.child("blkiotune").map(t -> t.children("device")).orElse(List.of())) {
      for (String word : DISK.keySet().stream().sorted().toList()) {
        number(device, word)
            .filter(value -> value > 0)
            .ifPresent(value -> disks.add(word + " " + value + " " + device.value("path", "")));
      }
    }
    return disks;
  }

  /**
   * Limits a process that has been born.
   *
   * @throws IOException when this host has no such limits to give, with the reason
   */
  public static void carryOut(LimitUse step, int pid) throws IOException {
    apply(step.user(), pid, limits(step));
    if (!step.disks().isEmpty()) {
      MachineGroups.enter(pid, step.user(), Set.of("blkio"));
      for (String disk : step.disks()) {
        throttle(ResourceGroup.ofMachine(pid, step.user()), disk.split(" ", 3));
      }
    }
  }

  /**
   * Limits a process.
   *
   * @throws IOException when this host has no such limits to give, with the reason
   */
  public static void apply(String uuid, int pid, Map<GuestLimit, Long> limits) throws IOException {
    MachineGroups.enter(pid, uuid, controllers(limits.keySet()));
    ResourceGroup group = ResourceGroup.ofMachine(pid, uuid);
    for (GuestLimit limit : GuestLimit.values()) {
      Long value = limits.get(limit);
      if (value != null) {
        group.limit(limit, limit == GuestLimit.VCPU_QUOTA && value <= 0 ? -1 : value);
      }
    }
  }

  private static Set<String> controllers(Set<GuestLimit> limits) {
    return limits.stream()
        .map(GroupLimit::controllerOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void throttle(ResourceGroup group, String[] disk) throws IOException {
    List<String> words = DISK.getOrDefault(disk[0], List.of());
    String device = device(Path.of(disk[2]));
    if (group.folder("blkio").filter(f -> Files.exists(f.resolve(words.get(0)))).isPresent()) {
      group.write("blkio", words.get(0), device + " " + disk[1]);
    } else {
      group.write("io", "io.max", device + " " + words.get(1) + "=" + disk[1]);
    }
  }

  private static String device(Path node) throws IOException {
    return DeviceFile.of(node)
        .map(DeviceFile::numbers)
        .orElseThrow(() -> new IOException("'" + node + "' is no block device"));
  }
}
