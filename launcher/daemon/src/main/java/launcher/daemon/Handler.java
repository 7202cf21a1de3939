package launcher.daemon;

import java.io.IOException;
import launcher.control.Json;

/** Carries out one verb. */
@FunctionalInterface
public interface Handler {
  /**
   * Carries the call out and returns the reply.
   *
   * @throws launcher.control.ControlException with the outcome and message for the client
   */
  Json handle(Call call) throws IOException, InterruptedException;
}
