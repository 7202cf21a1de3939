package launcher.engine.shutdown;

import java.time.Duration;
import java.util.List;

/**
 * What is asked of the engine while the host goes down and comes back. Every method returns when it
 * is done, and throws {@link launcher.engine.EngineException} with the reason when it is not.
 */
public interface GuestActs {
  /** The guests that run now, in no order. */
  List<Candidate> running();

  /**
   * Writes the guest's memory where its next start finds it, and ends it. A failed save leaves the
   * guest running.
   *
   * @param within after this long the save is given up
   */
  void save(Candidate guest, boolean bypassCache, Duration within);

  /**
   * Asks the guest to power off, and waits until it is off.
   *
   * @param act {@link Act#AGENT} or {@link Act#ACPI}
   * @param within after this long the wait is given up; the request stands
   */
  void shutDown(Candidate guest, Act act, Duration within);

  /** Ends the guest's process. */
  void powerOff(Candidate guest);

  /** What the definition of a guest says; {@link GuestPolicy#NONE} when it is not defined. */
  GuestPolicy policy(String uuid);

  /** Whether a guest of this UUID is defined. */
  boolean isDefined(String uuid);

  /** Whether a guest of this UUID runs or is paused. */
  boolean isActive(String uuid);

  /** Whether a saved state of the guest is there, whole. */
  boolean hasSavedState(String uuid);

  /**
   * Starts a guest: from its saved state where there is one.
   *
   * @param paused whether its processors are to stand still
   * @param progress told that it takes longer, as long as it gets on
   */
  void start(String uuid, boolean paused, Progress progress);

  /** Sets the guest's clock to the host's through its agent. */
  void syncTime(String uuid);
}
