package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.dnsmasq.DnsmasqPlan;
import launcher.engine.host.PidFile;
import launcher.engine.host.ProcessEnd;
import launcher.engine.host.ProcessHold;
import launcher.spawn.Argument;
import launcher.spawn.Identity;

/** A dnsmasq that an earlier daemon has left behind, and that served on. */
final class LeftOver {
  private LeftOver() {}

  /** Ends the process of a pid file, if it is the dnsmasq of that configuration and still runs. */
  static void end(Path pidFile, Path configuration) {
    PidFile.read(pidFile)
        .filter(pid -> words(pid).contains("--conf-file=" + configuration))
        .flatMap(pid -> ProcessHandle.of(pid))
        .ifPresent(ProcessEnd::end);
  }

  /**
   * The one that runs as a plan says: of its command and its user, and with its configuration.
   * Reservations and names may differ, which are read again by a signal.
   */
  static Optional<ProcessHold> like(DnsmasqPlan plan) {
    return sameConfiguration(plan)
        ? PidFile.read(plan.files().pid()).flatMap(pid -> held(pid, plan))
        : Optional.empty();
  }

  private static boolean sameConfiguration(DnsmasqPlan plan) {
    try {
      return Files.readString(plan.files().configuration()).equals(plan.configuration());
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Held first and looked at then: a held number cannot become another's. */
  private static Optional<ProcessHold> held(int pid, DnsmasqPlan plan) {
    try {
      ProcessHold hold = ProcessHold.of(pid);
      boolean wanted = false;
      try {
        wanted = runsAs(pid, plan);
      } finally {
        if (!wanted) {
          hold.close();
        }
      }
      return wanted ? Optional.of(hold) : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static boolean runsAs(int pid, DnsmasqPlan plan) throws IOException {
    List<String> said = plan.command().arguments().stream().map(Argument::text).toList();
    List<String> words = words(pid);
    Identity wanted = plan.command().confinement().identity();
    Object uid = Files.getAttribute(Path.of("/proc", Integer.toString(pid)), "unix:uid");
    return words.size() > 1
        && words.subList(1, words.size()).equals(said)
        && (wanted == null || uid.equals((int) wanted.uid()));
  }

  /** The words of its command; none when it has ended. */
  private static List<String> words(int pid) {
    try {
      String words = Files.readString(Path.of("/proc", Integer.toString(pid), "cmdline"));
      return List.of(words.split("\0"));
    } catch (IOException gone) {
      return List.of();
    }
  }
}
