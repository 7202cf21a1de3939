package launcher.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Durations of one act of one peer, in nanoseconds, in the order they were taken. */
final class Samples {
  private final List<Long> nanos = new ArrayList<>();

  void add(long durationNanos) {
    nanos.add(durationNanos);
  }

  boolean isEmpty() {
    return nanos.isEmpty();
  }

  int count() {
    return nanos.size();
  }

  /**
   * The value below which this share of the samples lies.
   *
   * @param share from 0 (the least) to 1 (the greatest)
   * @return milliseconds
   */
  double quantileMillis(double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalStateException("no samples");
    }
    int index = (int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)));
    return sorted[index] / 1e6;
  }

  double medianMillis() {
    return quantileMillis(0.5);
  }

  /**
   * Half the samples lie within this many milliseconds of each other: upper minus lower quartile.
   */
  double spreadMillis() {
    return quantileMillis(0.75) - quantileMillis(0.25);
  }

  @Override
  public String toString() {
    return Arrays.toString(nanos.toArray());
  }
}
