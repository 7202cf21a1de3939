package launcher.engine.guest;

import java.util.concurrent.LinkedBlockingQueue;
import launcher.engine.GuestState;

/**
 * Brings what happens in a run to the rest of the engine: in order, on a virtual thread of the
 * run's own, so that a monitor's thread never waits for a listener.
 */
final class RunEvents implements RunListener {
  /** A QEMU that says more than anybody takes loses the newest, rather than we our memory. */
  private static final int MOST_WAITING = 10_000;

  /** A true one has a line; what is longer is of a QEMU that means no good. */
  private static final int LONGEST_DETAIL = 1000;

  private final GuestLife life;
  private final ActiveRun run;
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private boolean over;

  RunEvents(GuestLife life, ActiveRun run) {
    this.life = life;
    this.run = run;
    Thread.ofVirtual().name("events of " + life.definition().name()).start(this::work);
  }

  private void work() {
    while (!over) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        life.context().emit(life.definition().name(), "failure", String.valueOf(e.getMessage()));
      }
    }
  }

  /** Tells nobody anything more. */
  void stop() {
    queue.add(() -> over = true);
  }

  void processEnded() {
    queue.add(() -> {
      over = true;
      life.ended(run);
    });
  }

  @Override
  public ActiveRun run() {
    return run;
  }

  @Override
  public void state(GuestState state) {
    event("state", state.toString());
  }

  @Override
  public void event(String kind, String detail) {
    if (queue.size() < MOST_WAITING) {
      String told =
          detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
      queue.add(() -> life.context().emit(life.definition().name(), kind, told));
    }
  }

  @Override
  public void leaving(String reason) {
    run.endsFor(reason);
  }
}
