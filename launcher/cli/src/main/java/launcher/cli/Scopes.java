package launcher.cli;

import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The options of virsh that say what a change reaches. */
final class Scopes {
  private Scopes() {}

  /** Adds {@code --live --config --current}. */
  static Verb options(Verb verb) {
    return verb.flag("live", "the running guest")
        .flag("config", "the definition, from its next start on")
        .flag("current", "the running guest if it runs, else the definition (so anyway)");
  }

  /** Adds {@code --persistent} to those. */
  static Verb persistent(Verb verb) {
    return options(verb).flag("persistent", "the definition, and the running guest if it runs");
  }

  /**
   * What was said.
   *
   * @throws ControlException when it contradicts itself
   */
  static Members of(Invocation in) {
    boolean others = in.flag("live") || in.flag("config") || in.flag("persistent");
    if (in.flag("current") && others) {
      throw new ControlException(
          Outcome.USAGE, "--current stands alone: leave --live, --config and --persistent out");
    }
    return Json.object(
        "live", in.flag("live"),
        "config", in.flag("config"),
        "persistent", in.flag("persistent"));
  }
}
