package launcher.engine.guest;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import launcher.engine.GuestLimit;
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
   * @param limits memory in KiB, -1 for none; times in microseconds
   */
  static Map<String, Long> amounts(Map<GuestLimit, Long> limits) {
    Map<String, Long> amounts = new TreeMap<>();
    limits.forEach((limit, value) -> {
      switch (limit) {
        case HARD_LIMIT -> amounts.put("MemoryMax", bytes(value));
        case SOFT_LIMIT -> amounts.put("MemoryHigh", bytes(value));
        case SWAP_HARD_LIMIT ->
            amounts.put(
                "MemorySwapMax",
                bytes(
                    value < 0
                        ? value
                        : value - Math.max(0, limits.getOrDefault(GuestLimit.HARD_LIMIT, 0L))));
        case CPU_SHARES -> amounts.put(separate("cpu") ? "CPUShares" : "CPUWeight", value);
        case VCPU_PERIOD -> amounts.put("CPUQuotaPeriodUSec", value);
        case VCPU_QUOTA ->
            amounts.put(
                "CPUQuotaPerSecUSec",
                value <= 0
                    ? -1
                    : value
                        * SECOND
                        / Math.max(1, limits.getOrDefault(GuestLimit.VCPU_PERIOD, USUAL_PERIOD)));
        case WEIGHT -> amounts.put(separate("blkio") ? "BlockIOWeight" : "IOWeight", value);
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
