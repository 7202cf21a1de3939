package launcher.engine.run;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.StepMemory;

/**
 * Steps that are taken while a guest runs, because a device comes, and taken back when it goes.
 * Each is written down before it is taken, so that the guest's end takes it back at the latest.
 */
public final class LiveSteps {
  private final String guest;
  private final PlanRunner runner;
  private final StepMemory memory;

  /** For a running guest. */
  public LiveSteps(String guest, PlanRunner runner, StepMemory memory) {
    this.guest = guest;
    this.runner = runner;
    this.memory = memory;
  }

  /**
   * Takes those that were not taken before; when one fails, all of them are taken back.
   *
   * @throws StepException naming the step
   */
  public void take(List<Step> steps) {
    List<Step> taken = new ArrayList<>();
    try {
      for (Step step : steps) {
        if (!memory.steps().contains(step)) {
          hold(step);
          taken.add(step);
          runner.take(step, guest);
        }
      }
    } catch (RuntimeException e) {
      runner.undo(taken).forEach(left -> e.addSuppressed(new IllegalStateException(left)));
      memory.remove(taken);
      throw e;
    }
  }

  /** Writes a step down that somebody else takes. */
  public void hold(Step step) {
    memory.add(List.of(step));
  }

  /** Everything that is written down of the guest. */
  public List<Step> all() {
    return memory.steps();
  }

  /**
   * Takes steps back.
   *
   * @throws EngineException when something could not be taken back; it is tried again at the
   *     guest's end
   */
  public void giveBack(List<Step> gone) {
    List<String> left = runner.undo(gone);
    if (!left.isEmpty()) {
      throw new EngineException(
          Kind.FAILED,
          "guest '%s' has let go of its device, but: %s".formatted(guest, String.join("; ", left)));
    }
    memory.remove(gone);
  }
}
