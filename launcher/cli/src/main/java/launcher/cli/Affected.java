package launcher.cli;

import java.io.IOException;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/**
 * What a change of a network reaches, as virsh's options {@code --live}, {@code --config} and
 * {@code --current} say it.
 *
 * @param live whether the running network
 * @param config whether the definition
 */
record Affected(boolean live, boolean config) {

  static Verb options(Verb verb) {
    return verb.flag("live", "the running network")
        .flag("config", "the definition")
        .flag("current", "the running network, else the definition");
  }

  /**
   * Reads the options; asks the daemon whether the network runs when they leave that open.
   *
   * @throws ControlException when they contradict each other
   */
  static Affected of(Invocation in) throws IOException {
    boolean live = in.flag("live");
    boolean config = in.flag("config");
    if (in.flag("current") && (live || config)) {
      throw new ControlException(Outcome.USAGE, "--current goes with neither --live nor --config");
    }
    if (live || config) {
      return new Affected(live, config);
    }
    Json info = in.session().client().ask("net-info", NetworkVerbs.network(in));
    boolean active = Requests.members(info).isTrue("active");
    return new Affected(active, !active);
  }

  /** The members of a request that changes. */
  Members change() {
    return Json.object("live", live, "config", config);
  }

  /** The members of a request that looks. */
  Members look() {
    return Json.object("config", config && !live);
  }

  /** In virsh's words. */
  String words() {
    return live && config
        ? "persistent config and live state"
        : live ? "live state" : "persistent config";
  }
}
