package launcher.engine.isolation;

import java.util.List;
import launcher.drivers.plan.Step;

/**
 * What is written down of a running guest's steps, so that whoever sees its end can take back what
 * was done while it ran.
 */
public interface StepMemory {
  /** Everything done for it so far. */
  List<Step> steps();

  /** Writes them down anew; before more is done, after something was taken back. */
  void steps(List<Step> changed);
}
