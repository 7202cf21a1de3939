package launcher.daemon;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Message.Failure;
import launcher.control.Message.Reply;
import launcher.control.Message.Request;
import launcher.control.Outcome;

/**
 * What is served: the handlers and who may call them.
 *
 * @param version the program's version, for the greeting
 * @param restart the command that ends this daemon, for people whose command is newer
 * @param handlers who carries out what
 * @param rule who may
 * @param failures what an exception of the layers below means to a client
 */
record Service(
    String version, String restart, Handlers handlers, AccessRule rule, FailureMeaning failures) {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");
  private static final RefusalLog REFUSALS = new RefusalLog(System::nanoTime, LOG::warning);

  /** What an exception means to a client. */
  @FunctionalInterface
  interface FailureMeaning {
    ControlException of(RuntimeException e);
  }

  /**
   * The entry of a verb, after the check that the peer may call it.
   *
   * @throws ControlException when there is none or the peer may not
   */
  Handlers.Entry entry(Request request, Peer peer) {
    Handlers.Entry entry =
        handlers
            .find(request.verb())
            .orElseThrow(() ->
                new ControlException(
                    Outcome.USAGE,
                    "this daemon (launcher "
                        + version
                        + ") knows no verb '"
                        + request.verb()
                        + "': if the command is newer, end the daemon with '"
                        + restart
                        + "', which touches no guest, and ask again"));
    require(peer, entry.access(), request.verb());
    return entry;
  }

  /**
   * Refuses, and logs, what a peer may not do.
   *
   * @throws ControlException when it may not
   */
  void require(Peer peer, Access access, String what) {
    rule.refusal(peer, access)
        .ifPresent(reason -> {
          logRefusal(peer, "'" + what + "'", reason);
          throw new ControlException(Outcome.REFUSED, "'" + what + "' is refused: " + reason);
        });
  }

  /** Logs that a peer was refused something, though not every time. */
  void logRefusal(Peer peer, String what, String reason) {
    REFUSALS.refused(peer, what, reason);
  }

  /** Whether a peer may manage; nothing is logged. */
  boolean isManager(Peer peer) {
    return rule.refusal(peer, Access.MANAGE).isEmpty();
  }

  /** Carries a request out; whatever happens is an answer. */
  Message answer(Request request, Handler handler, Call call) throws InterruptedException {
    try {
      Json body = handler.handle(call);
      return new Reply(request.id(), body);
    } catch (ControlException e) {
      return failure(request, e);
    } catch (IOException e) {
      return new Failure(request.id(), Outcome.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return failure(request, failures.of(e));
    } catch (Error e) {
      // A class that cannot be loaded, a stack that is too deep: the client waits for an answer.
      LOG.log(Level.SEVERE, "'" + request.verb() + "' failed", e);
      return new Failure(request.id(), Outcome.FAILED, "an error in the program: " + e);
    }
  }

  static Failure failure(Request request, ControlException e) {
    return new Failure(request.id(), e.outcome(), String.valueOf(e.getMessage()));
  }
}
