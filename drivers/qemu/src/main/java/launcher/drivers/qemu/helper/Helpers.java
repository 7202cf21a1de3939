package launcher.drivers.qemu.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;

/** Every helper of a guest, in the order in which they are started. */
public final class Helpers {
  private Helpers() {}

  /** The steps that start them; empty for a guest that needs none. */
  public static List<Step> of(Guest guest, HostFacts facts, Grants grants) {
    List<Step> steps = new ArrayList<>();
    steps.addAll(TpmEmulator.of(guest, grants));
    steps.addAll(FileServer.of(guest, facts, grants));
    steps.addAll(Passt.of(guest, grants));
    steps.addAll(ReservationHelper.of(guest, facts, grants));
    return List.copyOf(steps);
  }

  /** Looks whether those that were started still run. */
  public static List<Step> checks(List<Step> helpers) {
    List<Step> checks = new ArrayList<>();
    for (Step step : helpers) {
      if (step instanceof HelperStep.Start start) {
        checks.add(
            new HelperStep.Check(start.helper(), start.program(), start.pidFile(), start.log()));
      }
    }
    return checks;
  }

  /**
   * A helper's pid file, named after guest and device: not in the run folder, where the guest's
   * process could name another process in it.
   */
  static Path pidFile(Grants grants, String alias) {
    Path run = grants.runFolder();
    return folder(run).resolveSibling("helpers").resolve(run.getFileName() + "-" + alias + ".pid");
  }

  /** The folder of a socket. */
  static Path folder(Path socket) {
    Path parent = socket.getParent();
    return parent == null ? socket : parent;
  }
}
