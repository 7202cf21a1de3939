package launcher.cli;

/** Sets of the host's processors as virsh shows them. */
final class HostCpuMap {
  private HostCpuMap() {}

  /** {@code 0-1,3} of 5 processors as {@code yy-y-}. */
  static String marks(String list, int count) {
    StringBuilder marks = new StringBuilder().repeat("-", Math.max(0, count));
    for (String part : list.split(",", -1)) {
      if (!part.isEmpty()) {
        String[] ends = part.split("-", 2);
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int cpu = Integer.parseInt(ends[0]); cpu <= last && cpu < count; cpu++) {
          marks.setCharAt(cpu, 'y');
        }
      }
    }
    return marks.toString();
  }
}
