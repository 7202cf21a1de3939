package launcher.engine.qemu;

import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;

/** QEMU's run states (qapi/run-state.json) in our words. */
final class StatusWords {
  private StatusWords() {}

  /**
   * The state of a status.
   *
   * @param reason of running, such as {@code booted}
   */
  static GuestState state(String status, String reason) {
    return switch (status) {
      case "running" -> new GuestState(Phase.RUNNING, reason);
      case "suspended" -> new GuestState(Phase.SUSPENDED, "guest");
      case "guest-panicked" -> new GuestState(Phase.CRASHED, "panicked");
      case "shutdown" -> new GuestState(Phase.PAUSED, "shut down");
      case "prelaunch" -> new GuestState(Phase.PAUSED, "starting up");
      case "inmigrate" -> new GuestState(Phase.PAUSED, "restoring");
      case "postmigrate", "finish-migrate" -> new GuestState(Phase.PAUSED, "saving");
      case "io-error" -> new GuestState(Phase.PAUSED, "I/O error");
      case "watchdog" -> new GuestState(Phase.PAUSED, "watchdog");
      case "internal-error" -> new GuestState(Phase.PAUSED, "internal error");
      case "save-vm", "restore-vm" -> new GuestState(Phase.PAUSED, "snapshot");
      default -> new GuestState(Phase.PAUSED, "user");
    };
  }
}
