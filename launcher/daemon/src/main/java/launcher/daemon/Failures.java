package launcher.daemon;

import java.nio.file.InvalidPathException;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.plan.PlanException;
import launcher.engine.EngineException;
import launcher.schemas.XmlException;
import launcher.spawn.SpawnException;

/** What exceptions of the layers below mean to a client. */
final class Failures {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  private Failures() {}

  static ControlException meaning(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case EngineException engine -> new ControlException(outcome(engine.kind()), message, e);
      case XmlException _ -> new ControlException(Outcome.INVALID, message, e);
      case SpawnException _, PlanException _ -> new ControlException(Outcome.FAILED, message, e);
      case InvalidPathException _ -> new ControlException(Outcome.USAGE, message, e);
      default -> {
        LOG.log(Level.SEVERE, "an error in the program: " + e, e);
        yield new ControlException(Outcome.FAILED, "an error in the program: " + e, e);
      }
    };
  }

  private static Outcome outcome(EngineException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> Outcome.NOT_FOUND;
      case EXISTS, WRONG_STATE -> Outcome.WRONG_STATE;
      case INVALID -> Outcome.INVALID;
      case TIMEOUT, NOT_ANSWERING -> Outcome.TIMEOUT;
      case FAILED -> Outcome.FAILED;
    };
  }
}
