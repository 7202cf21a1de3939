package launcher.engine;

/**
 * What somebody wants to know beyond a guest's usual numbers.
 *
 * @param backing every image of a disk's chain, not the uppermost alone
 * @param hypervisor what the host's hypervisor counts of the machine; a question more for QEMU
 */
public record StatisticsWish(boolean backing, boolean hypervisor) {
  /** Neither. */
  public static final StatisticsWish USUAL = new StatisticsWish(false, false);
}
