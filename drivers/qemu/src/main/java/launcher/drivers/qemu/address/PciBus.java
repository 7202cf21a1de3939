package launcher.drivers.qemu.address;

import java.util.Optional;

/** One bus while addresses are given out: which functions of which slots are taken. */
final class PciBus {
  private static final int FUNCTIONS = 8;

  private final PciModel model;
  private final int[] taken = new int[32];
  private final boolean[] shared = new boolean[32];

  /** An empty bus. */
  PciBus(PciModel model) {
    this.model = model;
  }

  PciModel model() {
    return model;
  }

  /** Whether a device of that need may be put here by us. */
  boolean suits(PciNeed need) {
    return model.accepts().contains(need.plug()) && (model.hotplugs() || !need.hotplug());
  }

  /**
   * Whether a device of that need may be put here by the user, who may mix conventional and Express
   * devices and do without hot-plug.
   */
  boolean tolerates(PciNeed need) {
    if (need.plug().isEndpoint()) {
      return model.accepts().stream().anyMatch(PciPlug::isEndpoint);
    }
    return model.accepts().contains(need.plug());
  }

  boolean hasSlot(int slot) {
    return slot >= model.firstSlot() && slot <= model.lastSlot();
  }

  boolean isTaken(int slot, int function) {
    return (taken[slot] & 1 << function) != 0;
  }

  boolean isSlotTaken(int slot) {
    return taken[slot] != 0;
  }

  /** Whether a slot holds more than its function 0. */
  boolean hasSeveral(int slot) {
    return (taken[slot] & 0xfe) != 0;
  }

  boolean isFull() {
    for (int slot = model.firstSlot(); slot <= model.lastSlot(); slot++) {
      if (taken[slot] == 0) {
        return false;
      }
    }
    return true;
  }

  void take(int slot, int function, PciNeed need) {
    if (taken[slot] == 0 && need.shares()) {
      shared[slot] = true;
    }
    taken[slot] |= 1 << function;
  }

  /**
   * The first free place.
   *
   * @param function the only function that will do, or -1 for any
   * @return slot * 8 + function
   */
  Optional<Integer> free(PciNeed need, int function) {
    if (!suits(need)) {
      return Optional.empty();
    }
    for (int slot = model.firstSlot(); slot <= model.lastSlot(); slot++) {
      if (taken[slot] == 0) {
        return Optional.of(slot * FUNCTIONS + Math.max(function, 0));
      }
      if (need.shares() && shared[slot]) {
        for (int f = Math.max(function, 0); f < (function < 0 ? FUNCTIONS : function + 1); f++) {
          if (!isTaken(slot, f)) {
            return Optional.of(slot * FUNCTIONS + f);
          }
        }
      }
    }
    return Optional.empty();
  }
}
