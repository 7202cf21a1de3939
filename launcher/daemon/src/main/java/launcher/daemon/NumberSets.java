package launcher.daemon;

import java.util.BitSet;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.qemu.cpu.CpuSet;

/** Sets of numbers that a client says, such as {@code 0-3,^2}. */
final class NumberSets {
  private NumberSets() {}

  /**
   * The numbers.
   *
   * @throws ControlException when it is no set, or an empty one
   */
  static BitSet of(String text) {
    BitSet set = CpuSet.valid(text) ? CpuSet.parse(text) : new BitSet();
    if (set.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "'" + text + "' is no set of numbers such as 1-3,^2");
    }
    return set;
  }
}
