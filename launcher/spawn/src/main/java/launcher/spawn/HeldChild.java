package launcher.spawn;

/**
 * A process that is fully dressed (descriptors, limits, locks, label, rights), has the pid of the
 * program to be, and waits for the word. The end of the spawning process is a no: it then leaves
 * without having run the program.
 */
public interface HeldChild extends AutoCloseable {
  /** The process id the program will have. */
  int pid();

  /** What will be started. */
  CommandSpec command();

  /**
   * Lets it become the program.
   *
   * @throws SpawnException when execve(2) fails; the process is gone then
   */
  Child go();

  /**
   * Ends it, reaped and with its pid file removed; nothing of the program has run. Does nothing
   * after {@link #go}.
   */
  void abort();

  /** The same as {@link #abort}. */
  @Override
  default void close() {
    abort();
  }
}
