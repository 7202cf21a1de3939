package launcher.engine.guest;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;

/**
 * Whose turn it is to change a guest: one act after the other, until there is no guest any more.
 */
final class ActTurns {
  /** How long an act waits for the one before it. */
  private static final Duration BUSY = Duration.ofSeconds(30);

  private final Supplier<String> guest;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile String act = "";
  private volatile boolean letGo;
  private volatile boolean gone;

  /**
   * For a guest.
   *
   * @param guest its name now
   */
  ActTurns(Supplier<String> guest) {
    this.guest = guest;
  }

  /** There is no such guest any more: who still has a handle of it can do nothing with it. */
  void gone() {
    gone = true;
  }

  EngineException noneAnyMore() {
    return new EngineException(Kind.NOT_FOUND, "there is no guest '" + guest.get() + "' any more");
  }

  /** What is being done now, empty when nothing is. */
  String now() {
    return act;
  }

  /** Whether the guest is another engine's by now. */
  boolean areOver() {
    return letGo;
  }

  <T> T take(String what, Supplier<T> body) {
    await(what);
    try {
      if (letGo) {
        throw new EngineException(
            Kind.WRONG_STATE, "the engine of guest '" + guest.get() + "' is closed");
      }
      if (gone) {
        throw noneAnyMore();
      }
      act = what;
      return body.get();
    } finally {
      act = "";
      turn.unlock();
    }
  }

  private void await(String what) {
    try {
      if (!turn.tryLock(BUSY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EngineException(
            Kind.WRONG_STATE,
            "guest '"
                + guest.get()
                + "' is busy with '"
                + act
                + "': wait for it, or destroy the guest");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "'" + what + "' of guest '" + guest.get() + "' was interrupted", e);
    }
  }

  /** Does something, unless somebody else is doing something with the guest now. */
  void ifIdle(Runnable body) {
    if (!turn.tryLock()) {
      return;
    }
    try {
      if (!letGo) {
        body.run();
      }
    } finally {
      turn.unlock();
    }
  }

  /** Ends all turns: what is under way may go on so long, and then the last thing is done. */
  void end(Duration patience, Runnable last) {
    letGo = true;
    boolean held = false;
    try {
      held = turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      last.run();
    } finally {
      if (held) {
        turn.unlock();
      }
    }
  }
}
