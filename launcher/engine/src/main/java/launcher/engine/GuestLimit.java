package launcher.engine;

/** One limit of a running guest: its word in virsh and its place in the XML. */
public enum GuestLimit {
  /** Memory, in KiB. */
  HARD_LIMIT("hard_limit", "memtune/hard_limit"),
  /** Memory it is pressed back to when the host is short of it, in KiB. */
  SOFT_LIMIT("soft_limit", "memtune/soft_limit"),
  /** Memory and swap together, in KiB. */
  SWAP_HARD_LIMIT("swap_hard_limit", "memtune/swap_hard_limit"),
  /** Share of the processors among groups. */
  CPU_SHARES("cpu_shares", "cputune/shares"),
  /** Length of the period that the quota is part of, in microseconds. */
  VCPU_PERIOD("vcpu_period", "cputune/period"),
  /** Processor time in each period, in microseconds. */
  VCPU_QUOTA("vcpu_quota", "cputune/quota"),
  /** Share of the disks' time. */
  WEIGHT("weight", "blkiotune/weight");

  private final String word;
  private final String element;

  GuestLimit(String word, String element) {
    this.word = word;
    this.element = element;
  }

  /** Its name in virsh's {@code memtune}, {@code schedinfo} and {@code blkiotune}. */
  public String word() {
    return word;
  }

  /** Where the domain's XML says it. */
  public String element() {
    return element;
  }

  /** Whether it is memory, counted in KiB. */
  public boolean isMemory() {
    return element.startsWith("memtune/");
  }
}
