package launcher.daemon;

import java.io.IOException;
import java.util.function.Consumer;
import launcher.control.Json;
import launcher.engine.JobProgress;

/**
 * Tells a client how far a long act is. A client that has gone changes nothing: the act goes on.
 *
 * @param call whose client
 */
record ActProgress(Call call) implements Consumer<JobProgress> {
  private static final long PERCENT = 100;

  @Override
  public void accept(JobProgress progress) {
    long total = Math.max(progress.total(), progress.done());
    long percent = total == 0 ? 0 : Math.min(PERCENT, progress.done() * PERCENT / total);
    try {
      call.event(
          Json.object(
              "act", progress.act(),
              "percent", percent,
              "done", progress.done(),
              "total", progress.total(),
              "bytesPerSecond", progress.bytesPerSecond()));
    } catch (IOException e) {
      // nobody looks any more
    }
  }
}
