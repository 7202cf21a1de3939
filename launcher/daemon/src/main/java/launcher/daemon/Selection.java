package launcher.daemon;

import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Guest;
import launcher.engine.GuestState;

/**
 * Which guests a list shows.
 *
 * @param active those with a process
 * @param inactive those without
 * @param states running, paused, shutoff, other; all when empty
 * @param filters persistent, transient, autostart, no-autostart; all must hold
 */
record Selection(boolean active, boolean inactive, List<String> states, List<String> filters) {

  static Selection of(Members said) {
    List<String> states = said.texts("states");
    boolean onlyInactive = said.isTrue("inactive");
    // As in virsh: naming a state shows guests in it, running or not.
    boolean all = said.isTrue("all") || !states.isEmpty();
    return new Selection(all || !onlyInactive, all || onlyInactive, states, said.texts("filters"));
  }

  boolean takes(Guest guest, GuestState state) {
    return (state.active() ? active : inactive)
        && (states.isEmpty() || states.contains(word(state)))
        && filters.stream().allMatch(filter -> holds(filter, guest));
  }

  private static String word(GuestState state) {
    return switch (state.phase()) {
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case SHUT_OFF -> "shutoff";
      case IN_SHUTDOWN, CRASHED, SUSPENDED -> "other";
    };
  }

  private static boolean holds(String filter, Guest guest) {
    return switch (filter) {
      case "persistent" -> guest.persistent();
      case "transient" -> !guest.persistent();
      case "autostart" -> guest.autostart();
      case "no-autostart" -> !guest.autostart();
      case "with-managed-save" -> guest.hasManagedSave();
      case "without-managed-save" -> !guest.hasManagedSave();
      case "with-snapshot" -> guest.snapshots().any();
      case "without-snapshot" -> !guest.snapshots().any();
      case "with-checkpoint" -> false; // launcher makes none
      case "without-checkpoint" -> true;
      default -> throw new ControlException(Outcome.USAGE, "there is no filter '" + filter + "'");
    };
  }
}
