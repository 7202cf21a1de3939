package launcher.engine.host;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes that an earlier engine began, which are nobody's children here. */
public final class ProcessEnd {
  private static final long GRACE_SECONDS = 3;

  private ProcessEnd() {}

  /** Asks a process to end, and kills it when it has not after three seconds. */
  public static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException stubborn) {
      process.destroyForcibly();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for pid " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
