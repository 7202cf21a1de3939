package launcher.daemon;

import java.io.IOException;
import java.util.function.Consumer;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import launcher.engine.JobProgress;

/**
 * Tells a client how far a long act is. A client that has gone changes nothing: the act goes on.
 * One that has said that it wants it no more is told so by giving the act up, unless it is done.
 *
 * @param call whose client
 * @param waits whether it only waits for what goes on without it, and so may always be given up
 */
record ActProgress(Call call, boolean waits) implements Consumer<JobProgress> {
  private static final long PERCENT = 100;

  ActProgress(Call call) {
    this(call, false);
  }

  static ActProgress ofWaiting(Call call) {
    return new ActProgress(call, true);
  }

  @Override
  public void accept(JobProgress progress) {
    boolean done = !waits && progress.total() > 0 && progress.done() >= progress.total();
    if (call.cancelled() && !done) {
      throw new ControlException(Outcome.CANCELLED, words(progress.act()));
    }
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

  private String words(String act) {
    String guest = call.arguments().findText("guest").map(name -> " '" + name + "'").orElse("");
    return switch (act) {
      case "shutdown" ->
          "guest" + guest + " was asked to shut down, and is not powered off: that was cancelled";
      case "restore" -> "'restore' was cancelled: the saved state is kept";
      default -> "'" + act + "' of guest" + guest + " was cancelled: the guest goes on";
    };
  }
}
