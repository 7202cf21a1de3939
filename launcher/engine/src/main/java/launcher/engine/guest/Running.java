package launcher.engine.guest;

import java.time.Duration;
import launcher.engine.Console;
import launcher.engine.GuestState;
import launcher.engine.ShutdownMode;
import launcher.engine.host.ProcessHold;
import launcher.schemas.XmlElement;
import launcher.spawn.Signal;

/**
 * A running guest that can be told things. Methods throw {@link launcher.engine.EngineException}
 * when it refuses or does not answer.
 */
public interface Running {
  /** What it does, as far as is known now; never waits. */
  GuestState state();

  /** Waits until its state is known, at most so long. */
  boolean settled(Duration patience);

  /** Stops its processors. */
  void suspend();

  /** Lets its processors run. */
  void resume();

  /** Presses its reset button. */
  void reset();

  /** Asks it to shut down. */
  void shutdown(ShutdownMode mode);

  /** Asks it to boot anew. */
  void reboot(ShutdownMode mode);

  /**
   * Opens a view of a terminal.
   *
   * @param live the guest's live definition
   * @param device alias such as {@code serial0}; empty for the first terminal
   * @param replay whether what was said last comes first
   * @throws launcher.engine.EngineException when there is no such terminal
   */
  Console console(XmlElement live, String device, boolean replay);

  /**
   * Asks its process to end now.
   *
   * @param process what a signal reaches
   */
  default void end(ProcessHold process) {
    process.signal(Signal.TERM);
  }

  /**
   * Its process has ended: hears out what it said last, so that the reason of its end is known. A
   * process is seen to end before the last that it said is read.
   */
  default void hearOut() {}

  /**
   * Whether its definition wants it started anew after an end that came by itself.
   *
   * @param live its live definition
   * @param reason of its end
   */
  default boolean beginsAgain(XmlElement live, String reason) {
    return false;
  }

  /** Lets go of it and leaves it running, or has seen its end. */
  void detach();
}
