package launcher.daemon;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** One request under way, as its handler sees it. */
public interface Call {
  /** What the client said. */
  Members arguments();

  /** Who asks. */
  Peer peer();

  /**
   * Lets only those go on who may manage, where a verb that others may call shows more to them.
   *
   * @param what is asked for, for the message and the log
   * @throws ControlException when the peer may not
   */
  void requireManager(String what);

  /**
   * Tells the client something on the way: progress, or what it listens for.
   *
   * @throws IOException when the client has gone
   */
  void event(Json body) throws IOException;

  /** Whether the client wants it given up; only what can be left half-way asks for that. */
  boolean cancelled();

  /**
   * Turns the connection into a stream of bytes, until the handler returns; only for a handler that
   * was registered with {@link Handlers#stream}.
   */
  ByteChannel stream() throws IOException;

  /**
   * The name, UUID or id of the guest that the call is about.
   *
   * @throws ControlException when the client said none
   */
  default String guest() {
    return arguments()
        .findText("guest")
        .orElseThrow(() -> new ControlException(Outcome.USAGE, "no guest was named"));
  }
}
