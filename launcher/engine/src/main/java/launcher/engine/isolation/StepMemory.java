package launcher.engine.isolation;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import launcher.drivers.plan.Step;

/**
 * What is written down of a running guest's steps, so that whoever sees its end can take back what
 * was done while it ran.
 */
public interface StepMemory {
  /** Everything done for it so far. */
  List<Step> steps();

  /**
   * Writes them down anew, with nobody else in between; before more is done, after something was
   * taken back.
   */
  void change(UnaryOperator<List<Step>> how);

  /** Writes more down, before it is done. */
  default void add(List<? extends Step> more) {
    change(now -> Stream.concat(now.stream(), more.stream()).toList());
  }

  /** Forgets what was taken back. */
  default void remove(List<? extends Step> gone) {
    change(now -> now.stream().filter(step -> !gone.contains(step)).toList());
  }
}
