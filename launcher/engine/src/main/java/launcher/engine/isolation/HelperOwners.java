package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.SecretStep;
import launcher.drivers.plan.Step;
import launcher.spawn.Identity;

/**
 * Helpers and the master key belong to whom the guest runs as, and helpers start when the guest's
 * files are its own.
 */
final class HelperOwners {
  private HelperOwners() {}

  /**
   * A plan with more steps before the process exists.
   *
   * @param more what gives the guest its files; before the helpers
   * @param uuid the guest's
   */
  static Plan after(Plan plan, List<Step> more, Optional<Identity> who, String uuid) {
    List<Step> first = new ArrayList<>();
    List<Step> helpers = new ArrayList<>();
    for (Step step : plan.prepare()) {
      if (step instanceof HelperStep.Run helper) {
        helpers.add(
            who.map(w -> helper.ownedBy(new HelperStep.Owner(w.uid(), w.gid()))).orElse(helper));
      } else {
        first.add(step);
      }
    }
    first.addAll(more);
    who.ifPresent(w -> first.addAll(owners(plan, w, uuid)));
    first.addAll(helpers);
    return new Plan(first, plan.command(), plan.whileHeld(), plan.afterStart());
  }

  private static List<Step> owners(Plan plan, Identity who, String uuid) {
    Set<Path> paths = new LinkedHashSet<>();
    for (Step step : plan.prepare()) {
      switch (step) {
        case SecretStep.Seal seal -> paths.add(seal.key());
        case HelperStep.Start start -> paths.addAll(start.folders());
        default -> {
          // its owner does not matter here
        }
      }
    }
    List<Step> steps = new ArrayList<>();
    paths.forEach(path -> steps.add(new IsolationStep.OwnFile(path, who.uid(), who.gid(), uuid)));
    return steps;
  }

  /** Where the helpers' process ids are. */
  static List<Path> pidFiles(Plan plan) {
    List<Path> files = new ArrayList<>();
    for (Step step : plan.prepare()) {
      if (step instanceof HelperStep.Start start) {
        files.add(start.pidFile());
      }
    }
    return files;
  }
}
