package launcher.engine.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Plan;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestLimit;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import launcher.engine.bus.SystemdUnits;
import launcher.engine.group.MachineLimits;
import launcher.engine.host.PidFile;

/**
 * Gives each machine a scope of systemd's for itself (systemd.scope(5)), as libvirt does by
 * machined: what somebody does to the daemon's service, whatever its KillMode, is nothing to the
 * machine then, and at shutdown systemd stops the services that save machines before it touches
 * any. The scope goes with its last process. Where there is no systemd a machine stays in the
 * daemon's group.
 */
public final class SystemdScopes {
  private static final Logger LOG = Logger.getLogger("launcher.engine");

  /** There when systemd is the first process (sd_booted(3)). */
  private static final Path BOOTED = Path.of("/run/systemd/system");

  /** Names of units are at most 255 signs; the rest is for what stands around the guest's. */
  private static final int LONGEST_NAME = 200;

  /** What systemd may take to move a process. */
  private static final Duration MOVE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(1);

  private final SystemdUnits units;
  private final boolean wanted;

  /**
   * Asks nobody yet.
   *
   * @param bus where systemd is
   * @param wanted whether the machines are the system's, and not those of a plain user
   */
  public SystemdScopes(SystemBus bus, boolean wanted) {
    units = new SystemdUnits(bus);
    this.wanted = wanted;
  }

  /**
   * Moves a machine's process and its helpers into a scope; when systemd refuses, its reason is in
   * the log and they stay where they are.
   *
   * @param id of the run
   */
  void enter(String guest, int id, int pid, Plan plan) {
    if (!wanted || !Files.isDirectory(BOOTED)) {
      return;
    }
    List<Integer> pids = new ArrayList<>(helpers(plan));
    pids.add(pid);
    Map<String, Long> amounts = amounts(plan);
    String name = "qemu-" + id + "-" + guest;
    try {
      try {
        make(unit(name), guest, pids, amounts);
      } catch (BusException e) {
        if (!e.name().equals(SystemdUnits.EXISTS)) {
          throw e;
        }
        // left of a run of that number whose last process is still ending
        make(unit("qemu-" + id + "-" + pid + "-" + guest), guest, pids, amounts);
      }
    } catch (BusException e) {
      stays(guest, String.valueOf(e.getMessage()));
    }
  }

  private static void stays(String guest, String reason) {
    LOG.log(
        Level.WARNING,
        "guest ''{0}'' has no scope of systemd''s for itself and stays in the group of the daemon, ignoring: {1}",
        new Object[] {guest, reason});
  }

  private static Map<String, Long> amounts(Plan plan) {
    return plan.whileHeld().stream()
        .filter(IsolationStep.LimitUse.class::isInstance)
        .map(step -> MachineLimits.limits((IsolationStep.LimitUse) step))
        .map(ScopeLimits::amounts)
        .findFirst()
        .orElse(Map.of());
  }

  /**
   * Tells systemd of limits that a machine gets while it runs, so that it never sets others.
   *
   * @param limits memory in KiB, -1 for none; times in microseconds
   */
  public void limit(String guest, String unit, Map<GuestLimit, Long> limits) {
    try {
      units.limit(unit, ScopeLimits.amounts(limits));
    } catch (BusException e) {
      throw new EngineException(
          Kind.FAILED, "systemd does not limit guest '" + guest + "': " + e.getMessage(), e);
    }
  }

  private void make(String unit, String guest, List<Integer> pids, Map<String, Long> amounts) {
    // they save the machines first
    List<String> before = List.of("launcher.service", "launcher-guests.service");
    units.scope(
        unit, "Virtual machine " + printable(guest), "machine.slice", before, pids, amounts);
    awaitMove(guest, unit, pids.getLast());
  }

  /**
   * What is done to the machine's group is to find it there. systemd answers before it moves the
   * processes, some milliseconds earlier; its signal of the job's end would need a watch on the bus
   * for every start.
   */
  private static void awaitMove(String guest, String unit, int pid) {
    long deadline = System.nanoTime() + MOVE.toNanos();
    while (!isIn(unit, pid)) {
      if (System.nanoTime() > deadline) {
        stays(guest, "systemd has not moved its process into " + unit);
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static boolean isIn(String unit, int pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains("/" + unit + "\n");
    } catch (IOException ended) {
      return true;
    }
  }

  /** A description is one line for people. */
  private static String printable(String guest) {
    return guest.replaceAll("\\p{Cntrl}", " ");
  }

  /** As systemd-escape(1) writes a name, cut where it would be too long. */
  static String unit(String name) {
    StringBuilder text = new StringBuilder("machine-");
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b >= '0' && b <= '9'
              || b == '_'
              || b == '.'
              || b == ':';
      String sign = plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "\\x%02x", b);
      if (text.length() + sign.length() > LONGEST_NAME) {
        break;
      }
      text.append(sign);
    }
    return text.append(".scope").toString();
  }

  private static List<Integer> helpers(Plan plan) {
    return plan.prepare().stream()
        .filter(HelperStep.Start.class::isInstance)
        .map(step -> PidFile.read(((HelperStep.Start) step).pidFile()))
        .flatMap(Optional::stream)
        .toList();
  }
}
