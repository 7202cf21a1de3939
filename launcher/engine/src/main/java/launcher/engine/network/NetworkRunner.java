package launcher.engine.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.engine.EngineException;

/** Takes a network's steps in order; when one fails, takes back those before it, the last first. */
final class NetworkRunner {
  private final NetworkSteps steps;

  NetworkRunner(NetworkSteps steps) {
    this.steps = steps;
  }

  /**
   * Starts a network.
   *
   * @param begun told, before each step, how many steps were begun: what a later run has to undo if
   *     this one is killed
   * @throws EngineException naming the step; nothing is left of the others then
   */
  void start(NetworkPlan plan, IntConsumer begun) {
    List<NetworkStep> done = new ArrayList<>();
    for (NetworkStep step : plan.steps()) {
      try {
        begun.accept(done.size() + 1);
        steps.carryOut(step);
        done.add(step);
      } catch (RuntimeException e) {
        EngineException failure =
            new EngineException(
                kind(e),
                "Failed at step '%s' starting network '%s': %s"
                    .formatted(step.title(), plan.network(), e.getMessage()),
                e);
        undo(done).forEach(failure::addSuppressed);
        throw failure;
      }
    }
  }

  private static EngineException.Kind kind(RuntimeException e) {
    return e instanceof EngineException engine ? engine.kind() : EngineException.Kind.FAILED;
  }

  /**
   * Takes steps back, the last first, as far as possible.
   *
   * @return what stood in the way
   */
  List<RuntimeException> undo(List<NetworkStep> done) {
    List<RuntimeException> left = new ArrayList<>();
    for (NetworkStep step : done.reversed()) {
      try {
        steps.undo(step);
      } catch (RuntimeException e) {
        left.add(e);
      }
    }
    return left;
  }
}
