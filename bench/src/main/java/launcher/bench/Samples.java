package launcher.bench;

import java.util.ArrayList;
import java.util.List;

/** What one act of one peer took, in the order it was measured. */
final class Samples {
  private final List<Long> wall = new ArrayList<>();
  private final List<Long> processor = new ArrayList<>();

  /** Durations in nanoseconds. */
  void add(long wallNanos, long cpuNanos) {
    wall.add(wallNanos);
    processor.add(cpuNanos);
  }

  int count() {
    return wall.size();
  }

  /** The median wall-clock time in milliseconds. */
  double wallMillis() {
    return quantileMillis(wall, 0.5);
  }

  /** The median processor time in milliseconds. */
  double cpuMillis() {
    return quantileMillis(processor, 0.5);
  }

  /** Half the wall-clock times lie within this many milliseconds: upper minus lower quartile. */
  double wallSpreadMillis() {
    return quantileMillis(wall, 0.75) - quantileMillis(wall, 0.25);
  }

  /** The same of the processor times. */
  double cpuSpreadMillis() {
    return quantileMillis(processor, 0.75) - quantileMillis(processor, 0.25);
  }

  List<Long> wallNanos() {
    return List.copyOf(wall);
  }

  List<Long> cpuNanos() {
    return List.copyOf(processor);
  }

  private static double quantileMillis(List<Long> nanos, double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalStateException("no samples");
    }
    int index = (int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)));
    return sorted[index] / 1e6;
  }
}
