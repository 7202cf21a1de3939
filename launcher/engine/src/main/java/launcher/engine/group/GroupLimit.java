package launcher.engine.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.engine.GuestLimit;

/**
 * A limit of a running guest in its control group, whose file and words differ by version.
 *
 * @param limit which
 * @param controller of the file
 * @param file its name
 * @param unified whether the group is of version 2
 */
record GroupLimit(GuestLimit limit, String controller, String file, boolean unified) {
  private static final long KIB = 1024;
  private static final long USUAL_PERIOD = 100_000;

  /** How version 2 says that there is no limit. */
  private static final String NONE = "max";

  /** What has the limit in version 1. */
  static String controllerOf(GuestLimit limit) {
    return candidates(limit).getFirst().controller;
  }

  /** The limit's file, none when the host has none. */
  static Optional<GroupLimit> find(GuestLimit limit, ResourceGroup group) {
    for (GroupLimit candidate : candidates(limit)) {
      Optional<Path> folder = group.folder(candidate.controller);
      if (folder.filter(path -> Files.exists(path.resolve(candidate.file))).isPresent()) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static List<GroupLimit> candidates(GuestLimit limit) {
    return switch (limit) {
      case HARD_LIMIT -> both(limit, "memory", "memory.limit_in_bytes", "memory.max");
      case SOFT_LIMIT -> both(limit, "memory", "memory.soft_limit_in_bytes", "memory.high");
      case SWAP_HARD_LIMIT ->
          both(limit, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max");
      case CPU_SHARES -> both(limit, "cpu", "cpu.shares", "cpu.weight");
      case VCPU_PERIOD -> both(limit, "cpu", "cpu.cfs_period_us", "cpu.max");
      case VCPU_QUOTA -> both(limit, "cpu", "cpu.cfs_quota_us", "cpu.max");
      // since Linux 5.0 only the BFQ scheduler has weights, in files named after it
      case WEIGHT ->
          List.of(
              new GroupLimit(limit, "blkio", "blkio.weight", false),
              new GroupLimit(limit, "blkio", "blkio.bfq.weight", false),
              new GroupLimit(limit, "io", "io.weight", true),
              new GroupLimit(limit, "io", "io.bfq.weight", true));
    };
  }

  private static List<GroupLimit> both(GuestLimit limit, String controller, String v1, String v2) {
    return List.of(
        new GroupLimit(limit, controller, v1, false), new GroupLimit(limit, controller, v2, true));
  }

  /** The limit; memory in KiB; -1 is none; empty when the guest has just ended. */
  Optional<Long> read(ResourceGroup group) {
    return group.text(controller, file).map(text -> value(text, group));
  }

  private long value(String text, ResourceGroup group) {
    String[] words = text.replaceFirst("^default ", "").split("\\s+");
    String word = limit == GuestLimit.VCPU_PERIOD && unified ? words[1] : words[0];
    long value = word.matches("-?[0-9]{1,18}") ? Long.parseLong(word) : -1;
    if (!limit.isMemory() || value < 0) {
      return value;
    }
    // 19 digits: version 1 has no word for "no limit" but the largest number of whole pages
    return value / KIB + memoryIn(group);
  }

  /** Version 2 limits swap alone, the XML memory and swap together. */
  private long memoryIn(ResourceGroup group) {
    return limit == GuestLimit.SWAP_HARD_LIMIT && unified
        ? Math.max(0, other(GuestLimit.HARD_LIMIT, group, 0))
        : 0;
  }

  private static long other(GuestLimit which, ResourceGroup group, long usual) {
    return find(which, group).flatMap(found -> found.read(group)).orElse(usual);
  }

  /**
   * Sets the limit; memory in KiB, -1 for none.
   *
   * @throws IOException when the kernel refuses
   */
  void write(ResourceGroup group, long value) throws IOException {
    group.write(controller, file, text(group, value));
  }

  private String text(ResourceGroup group, long value) {
    if (unified && limit == GuestLimit.VCPU_QUOTA) {
      long period = other(GuestLimit.VCPU_PERIOD, group, USUAL_PERIOD);
      return amount(value) + " " + period;
    }
    if (unified && limit == GuestLimit.VCPU_PERIOD) {
      return amount(other(GuestLimit.VCPU_QUOTA, group, -1)) + " " + value;
    }
    if (limit.isMemory() && value >= 0) {
      return Long.toString(Math.max(0, value - memoryIn(group)) * KIB);
    }
    return amount(value);
  }

  private String amount(long value) {
    return unified && value < 0 ? NONE : Long.toString(value);
  }
}
