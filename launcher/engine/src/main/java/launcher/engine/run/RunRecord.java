package launcher.engine.run;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.Step;

/**
 * What is remembered of one run of a guest, so that any later process can adopt it or take it back.
 * Written before the first step, and again at every change.
 *
 * @param name of the guest
 * @param uuid of the guest
 * @param type of its domain: {@code qemu}, {@code kvm}, {@code lxc} …
 * @param id number of this run
 * @param phase how far it came
 * @param pid its process, 0 while there is none
 * @param birth the process's start time in clock ticks since boot (proc(5)), which with the pid
 *     names it for ever
 * @param steps everything the plan does, in order
 * @param monitor its monitor's socket
 * @param log the process's output
 * @param began when
 * @param reason of the state it is in: {@code booted}, {@code restored} …
 * @param persistent whether a definition outlives the run
 */
public record RunRecord(
    String name,
    String uuid,
    String type,
    int id,
    Phase phase,
    int pid,
    long birth,
    List<Step> steps,
    Optional<Path> monitor,
    Path log,
    Instant began,
    String reason,
    boolean persistent) {
  /** How far a run came. */
  public enum Phase {
    /** Steps are taken; the process, if any, does not run the guest yet. */
    STARTING,
    /** It runs. */
    STARTED
  }

  public RunRecord {
    steps = List.copyOf(steps);
  }

  /** The same run with its process. */
  public RunRecord process(int newPid, long newBirth) {
    return new RunRecord(
        name,
        uuid,
        type,
        id,
        phase,
        newPid,
        newBirth,
        steps,
        monitor,
        log,
        began,
        reason,
        persistent);
  }

  /** The same run, started. */
  public RunRecord started() {
    return new RunRecord(
        name,
        uuid,
        type,
        id,
        Phase.STARTED,
        pid,
        birth,
        steps,
        monitor,
        log,
        began,
        reason,
        persistent);
  }

  /** The same run with more to take back at its end. */
  public RunRecord holding(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new RunRecord(
        name, uuid, type, id, phase, pid, birth, more, monitor, log, began, reason, persistent);
  }

  /** The same run under another name or persistence. */
  public RunRecord known(String newName, boolean nowPersistent) {
    return new RunRecord(
        newName,
        uuid,
        type,
        id,
        phase,
        pid,
        birth,
        steps,
        monitor,
        log,
        began,
        reason,
        nowPersistent);
  }
}
