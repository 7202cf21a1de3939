package launcher.engine.guest;

import java.util.concurrent.LinkedBlockingQueue;
import launcher.engine.GuestState;

/**
 * Brings what happens in a run to the rest of the engine: in order, on a virtual thread of the
 * run's own, so that a monitor's thread never waits for a listener.
 */
final class RunEvents implements RunListener {
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

  void processEnded() {
    queue.add(() -> {
      over = true;
      life.ended(run);
    });
  }

  @Override
  public void state(GuestState state) {
    event("state", state.toString());
  }

  @Override
  public void event(String kind, String detail) {
    queue.add(() -> life.context().emit(life.definition().name(), kind, detail));
  }

  @Override
  public void leaving(String reason) {
    run.endsFor(reason);
  }
}
