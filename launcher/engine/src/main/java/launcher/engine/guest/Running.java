package launcher.engine.guest;

import java.time.Duration;
import launcher.engine.GuestState;
import launcher.engine.ShutdownMode;

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

  /** Lets go of it and leaves it running. */
  void detach();
}
