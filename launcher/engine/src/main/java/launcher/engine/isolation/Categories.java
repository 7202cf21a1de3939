package launcher.engine.isolation;

import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two categories of SELinux's multi-category security: the mark of one guest. Always two different
 * ones, since a guest marked {@code c1} alone could use what is marked {@code c1,c2} of another.
 *
 * @param low the smaller, at least 0
 * @param high the greater, at most 1023
 */
record Categories(int low, int high) {
  private static final Pattern LEVEL = Pattern.compile("s0:c(\\d+),c(\\d+)$");

  Categories {
    if (low < 0 || low >= high || high > 1023) {
      throw new IllegalArgumentException("Not a pair of categories: " + low + ", " + high);
    }
  }

  /** The categories at the end of a label, if it has a pair. */
  static Optional<Categories> in(String label) {
    Matcher level = LEVEL.matcher(label);
    if (!level.find()) {
      return Optional.empty();
    }
    int one = Integer.parseInt(level.group(1));
    int other = Integer.parseInt(level.group(2));
    return one == other
        ? Optional.empty()
        : Optional.of(new Categories(Math.min(one, other), Math.max(one, other)));
  }

  /**
   * A pair that nobody has.
   *
   * @param range what the daemon itself may use, as in {@code c0.c1023}
   * @param taken those of running guests
   * @throws IllegalStateException when every pair of the range is taken
   */
  static Categories free(Range range, Set<Categories> taken, RandomGenerator random) {
    long pairs = (long) range.size() * (range.size() - 1) / 2;
    if (taken.stream().filter(range::holds).count() >= pairs) {
      throw new IllegalStateException("All " + pairs + " pairs of SELinux categories are in use");
    }
    while (true) {
      int one = range.low() + random.nextInt(range.size());
      int other = range.low() + random.nextInt(range.size());
      if (one != other) {
        Categories pair = new Categories(Math.min(one, other), Math.max(one, other));
        if (!taken.contains(pair)) {
          return pair;
        }
      }
    }
  }

  /** The categories a daemon may give away: those of its own context. */
  record Range(int low, int high) {
    private static final Pattern OWN = Pattern.compile("c(\\d+)\\.c(\\d+)$");
    private static final Range ALL = new Range(0, 1023);

    /**
     * Of a context such as {@code system_u:system_r:virtd_t:s0-s0:c0.c1023}; all when it names
     * none.
     */
    static Range of(String context) {
      Matcher own = OWN.matcher(context);
      return own.find()
          ? new Range(Integer.parseInt(own.group(1)), Integer.parseInt(own.group(2)))
          : ALL;
    }

    int size() {
      return high - low + 1;
    }

    boolean holds(Categories pair) {
      return pair.low() >= low && pair.high() <= high;
    }
  }

  /** {@code s0:c1,c2}. */
  String level() {
    return "s0:c" + low + ",c" + high;
  }
}
