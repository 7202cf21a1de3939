package launcher.daemon;

import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** What exceptions of the layers below mean to a client. */
final class Failures {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  private Failures() {}

  static ControlException meaning(RuntimeException e) {
    LOG.log(Level.SEVERE, "an error in the program: " + e, e);
    return new ControlException(Outcome.FAILED, "an error in the program: " + e, e);
  }
}
