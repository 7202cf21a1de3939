package launcher.spawn;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** This process's id, and the thread that children with a parent-death signal are born of. */
final class ProcessIds {
  private static final int OWN = (int) ProcessHandle.current().pid();

  private ProcessIds() {}

  static int own() {
    return OWN;
  }

  /**
   * The kernel sends the signal when the thread that made the child ends (prctl(2)): this one never
   * does.
   */
  private static final class LastingThread {
    private static final ExecutorService THREAD =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("launcher-spawn-parent").factory());
  }

  static int start(
      PosixSpawn posixSpawn, int control, Inheritance inheritance, boolean lastingParent) {
    if (!lastingParent) {
      return posixSpawn.start(control, inheritance);
    }
    try {
      return LastingThread.THREAD.submit(() -> posixSpawn.start(control, inheritance)).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return -Errno.EINTR;
    } catch (ExecutionException failed) {
      throw new IllegalStateException("Starting on the lasting thread", failed.getCause());
    }
  }
}
