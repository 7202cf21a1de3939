package launcher.cli;

import java.nio.file.Path;
import launcher.control.ControlException;
import launcher.control.Outcome;

/**
 * The installed program.
 *
 * @param home the folder with bin, lib, libexec and share
 */
record Tree(Path home) {
  /** Set by the argument file of {@code bin/launcher}. */
  private static final String PROPERTY = "launcher.home";

  /**
   * The tree this program runs from.
   *
   * @throws ControlException when it runs from somewhere else
   */
  static Tree ofThisProgram() {
    String home = System.getProperty(PROPERTY, "");
    if (home.isEmpty()) {
      throw new ControlException(
          Outcome.FAILED,
          "this launcher runs from no installed tree (-D" + PROPERTY + " is not set)");
    }
    return new Tree(Path.of(home));
  }

  Path daemon() {
    return home.resolve("libexec/launcherd");
  }
}
