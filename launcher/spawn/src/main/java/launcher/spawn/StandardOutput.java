package launcher.spawn;

/** Where a program's standard output or standard error goes. */
public sealed interface StandardOutput {
  /** {@code /dev/null}. */
  record Null() implements StandardOutput {}

  /** A file or an open descriptor. */
  record To(Descriptor descriptor) implements StandardOutput {}

  /**
   * Kept, and handed over when the program has ended.
   *
   * @param limit bytes to keep, at least 1; what is beyond is read and dropped, {@link
   *     Completed#truncated()} tells
   */
  record Captured(int limit) implements StandardOutput {
    /** Enough for every tool that prints text: 16 MiB. */
    public static final int DEFAULT_LIMIT = 16 << 20;

    public Captured {
      if (limit < 1) {
        throw new IllegalArgumentException("At least 1 byte of output is kept, not " + limit);
      }
    }

    /** Up to {@link #DEFAULT_LIMIT}. */
    public Captured() {
      this(DEFAULT_LIMIT);
    }
  }

  /** A pipe whose other end is {@link Child#output()} or {@link Child#error()}. */
  record Piped() implements StandardOutput {}

  /** Standard error only: the very same place as standard output, in order of arrival. */
  record Merged() implements StandardOutput {}
}
