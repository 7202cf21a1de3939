package launcher.engine;

import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.run.DeviceMove;

/** Changes of a running guest that are written down before they are made, and then seen through. */
final class BegunMoves {
  private BegunMoves() {}

  /**
   * Writes a change down and makes it; when it fails, part of it may have been done, and it is
   * settled. The caller settles one that succeeds.
   */
  static void carryOut(GuestLife life, DeviceMove move, Runnable change) {
    ActiveRun run = life.running();
    run.moving(move);
    try {
      change.run();
    } catch (RuntimeException e) {
      if (!isCutOff(e)) {
        settle(life, move, e);
      }
      throw e;
    }
  }

  /** Whoever does not answer may have done what it was asked. */
  static boolean isCutOff(RuntimeException e) {
    return e instanceof EngineException known && known.kind() == Kind.NOT_ANSWERING;
  }

  private static void settle(GuestLife life, DeviceMove move, RuntimeException because) {
    try {
      settle(life, move);
    } catch (RuntimeException left) {
      because.addSuppressed(left);
    }
  }

  /** Ends all that was begun and not seen to its end. */
  static void settle(GuestLife life) {
    for (DeviceMove move : life.running().record().moves()) {
      settle(life, move);
    }
  }

  private static void settle(GuestLife life, DeviceMove move) {
    switch (move) {
      case DeviceMove.In in -> new GuestHotPlug(life).settle(in);
      case DeviceMove.Out out -> new GuestHotPlug(life).settle(out);
      case DeviceMove.Medium medium -> new MediumChange(life).settle(medium);
      case DeviceMove.Told told -> ToldTwice.again(LiveGuest.of(life), told);
      case DeviceMove.Asked asked -> new AskedAgain(life).settle(asked);
    }
  }
}
