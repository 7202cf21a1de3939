package launcher.spawn;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A program that was started. Closing it lets go of what this process holds of it (its pidfd, its
 * pipes) and leaves the program alone.
 */
public interface Child extends AutoCloseable {
  /** Its process id: that of the program itself, there is no process in between. */
  int pid();

  /** What was started. */
  CommandSpec command();

  /** The other end of a piped standard input. */
  OutputStream input();

  /** The other end of a piped standard output. */
  InputStream output();

  /** The other end of a piped standard error. */
  InputStream error();

  /** Waits for its end, however long. */
  Completed await();

  /** Waits for its end; empty when it still runs after {@code timeout}. */
  Optional<Completed> await(Duration timeout);

  /**
   * Completed at its end by a thread of the spawner; it is reaped then, though nobody else waits.
   */
  CompletableFuture<Completed> onExit();

  /** True until it has ended. */
  boolean isAlive();

  /** Sends a signal by pidfd, so never to another process; false when it has ended already. */
  boolean signal(Signal signal);

  /** Ends it: TERM, then KILL when it still runs after {@code grace}; returns how it ended. */
  Completed stop(Duration grace);

  @Override
  void close();
}
