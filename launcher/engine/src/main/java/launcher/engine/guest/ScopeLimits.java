package launcher.engine.guest;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import launcher.engine.host.ControlGroups;

/**
 * Limits of a guest in systemd's names (systemd.resource-control(5)). systemd keeps the values of
 * its own units' groups, so it is told of what is written there.
 */
final class ScopeLimits {
  private static final long KIB = 1024;
  private static final long SECOND = 1_000_000;
  private static final long USUAL_PERIOD = 100_000;

  private ScopeLimits() {}

  /**
   * The same limits.
   *
   * @param limits by virsh's words; memory in KiB, -1 for none; times in microseconds
   */
  static Map<String, Long> amounts(Map<String, Long> limits) {
    Map<String, Long> amounts = new TreeMap<>();
    boolean separate = separate("cpu");
    limits.forEach((word, value) -> {
      switch (word) {
        case "hard_limit" -> amounts.put("MemoryMax", bytes(value));
        case "soft_limit" -> amounts.put("MemoryHigh", bytes(value));
        case "swap_hard_limit" ->
            amounts.put(
                "MemorySwapMax",
                bytes(
                    value < 0
                        ? value
                        : value - Math.max(0, limits.getOrDefault("hard_limit", 0L))));
        case "cpu_shares" -> amounts.put(separate ? "CPUShares" : "CPUWeight", value);
        case "vcpu_period" -> amounts.put("CPUQuotaPeriodUSec", value);
        case "vcpu_quota" ->
            amounts.put(
                "CPUQuotaPerSecUSec",
                value <= 0
                    ? -1
                    : value
                        * SECOND
                        / Math.max(1, limits.getOrDefault("vcpu_period", USUAL_PERIOD)));
        case "weight" -> amounts.put(separate("blkio") ? "BlockIOWeight" : "IOWeight", value);
        default -> throw new IllegalArgumentException(word);
      }
    });
    return amounts;
  }

  private static long bytes(long kib) {
    return kib < 0 ? -1 : kib * KIB;
  }

  private static boolean separate(String controller) {
    try {
      return ControlGroups.separateControllers().contains(controller);
    } catch (IOException e) {
      return false;
    }
  }
}
