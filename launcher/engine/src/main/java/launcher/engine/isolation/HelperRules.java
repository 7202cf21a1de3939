package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.spawn.LandlockRule;
import launcher.spawn.LandlockRule.Access;
import launcher.spawn.Programs;

/**
 * The paths that the programs beside a guest need. passt and virtiofsd are not kept in by us: they
 * shut themselves in, passt in an empty root and virtiofsd in the folder that it shares, by
 * mount(2) and pivot_root(2), which Landlock forbids to all that it confines (landlock(7)).
 */
final class HelperRules {
  private static final List<String> SYSTEM =
      List.of(
          "/etc/ld.so.cache",
          "/etc/ld.so.preload",
          "/etc/localtime",
          "/etc/nsswitch.conf",
          "/etc/passwd",
          "/etc/group",
          "/etc/ssl",
          "/etc/pki",
          "/etc/gnutls",
          "/etc/crypto-policies",
          "/proc/self",
          "/proc/sys",
          "/dev/random",
          "/dev/urandom");

  private final List<LandlockRule> rules = new ArrayList<>();

  private HelperRules() {}

  /** A plan whose helpers reach what they need and nothing else. */
  static Plan confine(Plan plan) {
    List<Step> prepare = new ArrayList<>();
    for (Step step : plan.prepare()) {
      prepare.add(step instanceof HelperStep.Run helper ? helper.confined(of(helper)) : step);
    }
    return new Plan(prepare, plan.command(), plan.whileHeld(), plan.afterStart());
  }

  /** What it reaches; empty for one that keeps itself in. */
  static List<LandlockRule> of(HelperStep.Run helper) {
    return switch (helper.helper()) {
      case "swtpm", "swtpm_setup" -> emulator(helper);
      case "qemu-pr-helper" -> reservations(helper);
      default -> List.of();
    };
  }

  private static List<LandlockRule> emulator(HelperStep.Run helper) {
    HelperRules found = new HelperRules();
    found.system(helper);
    found.all(List.of("/dev/null"), Access.WRITE);
    found.folders(helper).forEach(folder -> found.add(folder, Access.MANAGE));
    if (helper instanceof HelperStep.Prepare) {
      // what makes the first state: its settings, its scratch, a local authority's certificates
      found.all(
          List.of("/etc/swtpm_setup.conf", "/etc/swtpm-localca.conf", "/etc/swtpm-localca.options"),
          Access.READ);
      found.all(List.of("/tmp", "/var/lib/swtpm-localca"), Access.MANAGE);
    }
    return List.copyOf(found.rules);
  }

  /** It gets disks as descriptors; for multipath devices it asks after the disks below. */
  private static List<LandlockRule> reservations(HelperStep.Run helper) {
    HelperRules found = new HelperRules();
    found.system(helper);
    found.all(
        List.of("/etc/multipath.conf", "/etc/multipath", "/etc/udev", "/sys", "/proc", "/run/udev"),
        Access.READ);
    found.all(List.of("/dev"), Access.WRITE);
    found.folders(helper).forEach(folder -> found.add(folder, Access.MANAGE));
    return List.copyOf(found.rules);
  }

  private void system(HelperStep.Run helper) {
    all(Programs.FOLDERS, Access.EXECUTE);
    if (helper.program().startsWith("/")) {
      add(Path.of(helper.program()), Access.EXECUTE);
    }
    all(SYSTEM, Access.READ);
  }

  private Set<Path> folders(HelperStep.Run helper) {
    Set<Path> folders = new LinkedHashSet<>();
    switch (helper) {
      case HelperStep.Start start -> {
        folders.addAll(start.folders());
        start.awaited().map(socket -> socket.resolveSibling("")).ifPresent(folders::add);
      }
      case HelperStep.Prepare prepare -> folders.add(prepare.made().resolveSibling(""));
    }
    return folders;
  }

  private void all(List<String> paths, Access access) {
    paths.forEach(path -> add(Path.of(path), access));
  }

  private void add(Path path, Access access) {
    rules.add(new LandlockRule(path, access, true));
  }
}
