package launcher.spawn;

/**
 * One limit of setrlimit(2), in that resource's own unit (bytes, seconds, a count; microseconds for
 * RTTIME).
 *
 * @param resource what is limited
 * @param soft the limit in force, at most {@code hard}
 * @param hard what the program may raise it to
 */
public record ResourceLimit(Resource resource, long soft, long hard) {
  /** No limit: RLIM_INFINITY. */
  public static final long UNLIMITED = -1;

  public ResourceLimit {
    if (soft < UNLIMITED || hard < UNLIMITED) {
      throw new IllegalArgumentException(
          "A limit is at least 0, or -1 for none: " + soft + ":" + hard);
    }
    if (Long.compareUnsigned(soft, hard) > 0) {
      throw new IllegalArgumentException(
          "The soft limit of " + resource.word() + " is above the hard one: " + soft + ":" + hard);
    }
  }

  /** Soft and hard alike. */
  public ResourceLimit(Resource resource, long both) {
    this(resource, both, both);
  }
}
