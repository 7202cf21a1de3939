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
 * @param job what is under way between its memory and a file
 * @param moves devices on their way into it or out of it
 * @param diskJobs what is done with its images while it runs
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
    boolean persistent,
    Optional<Job> job,
    List<DeviceMove> moves,
    List<DiskJob> diskJobs) {
  /** How far a run came. */
  public enum Phase {
    /** Steps are taken; the process, if any, does not run the guest yet. */
    STARTING,
    /** It runs. */
    STARTED
  }

  /**
   * A save or a restore, remembered so that who comes after a killed engine can end it: a guest
   * must neither stay paused nor run while a file waits to bring an older state of it back.
   *
   * @param kind which of the two
   * @param file the saved guest, under its final name
   * @param resumes whether the guest runs when it is over: after a failed save, a restore
   * @param managed whether the file is the one that the next start takes by itself
   * @param whole whether a save has written all of its file, and only the file's name is missing
   */
  public record Job(Kind kind, Path file, boolean resumes, boolean managed, boolean whole) {
    /** Saves and restores. */
    public enum Kind {
      SAVING,
      RESTORING
    }

    /** The same save with its file whole. */
    public Job written() {
      return new Job(kind, file, resumes, managed, true);
    }

    /** Where a save writes until it is whole. */
    public Path partial() {
      return file.resolveSibling(file.getFileName() + ".partial");
    }

    /** Where a managed save lies from the moment that its guest runs again; soon removed. */
    public Path used() {
      return file.resolveSibling(file.getFileName() + ".used");
    }
  }

  public RunRecord {
    steps = List.copyOf(steps);
    moves = List.copyOf(moves);
    diskJobs = List.copyOf(diskJobs);
  }

  /** The same run with everything that changes while it lasts. */
  private RunRecord with(
      String newName,
      Phase newPhase,
      int newPid,
      long newBirth,
      List<Step> newSteps,
      boolean nowPersistent,
      Optional<Job> newJob,
      List<DeviceMove> newMoves,
      List<DiskJob> newDiskJobs) {
    return new RunRecord(
        newName,
        uuid,
        type,
        id,
        newPhase,
        newPid,
        newBirth,
        newSteps,
        monitor,
        log,
        began,
        reason,
        nowPersistent,
        newJob,
        newMoves,
        newDiskJobs);
  }

  /** The same run with its process. */
  public RunRecord process(int newPid, long newBirth) {
    return with(name, phase, newPid, newBirth, steps, persistent, job, moves, diskJobs);
  }

  /** The same run, started. */
  public RunRecord started() {
    return with(name, Phase.STARTED, pid, birth, steps, persistent, job, moves, diskJobs);
  }

  /** The same run with something under way, or nothing. */
  public RunRecord job(Optional<Job> underWay) {
    return with(name, phase, pid, birth, steps, persistent, underWay, moves, diskJobs);
  }

  /** The same run with more to take back at its end. */
  public RunRecord holding(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return with(more);
  }

  /** The same run, of which more or less is to be taken back. */
  public RunRecord with(List<Step> changed) {
    return with(name, phase, pid, birth, changed, persistent, job, moves, diskJobs);
  }

  /** The same run under another name or persistence. */
  public RunRecord known(String newName, boolean nowPersistent) {
    return with(newName, phase, pid, birth, steps, nowPersistent, job, moves, diskJobs);
  }

  /** The same run with a device on its way, or further on it. */
  public RunRecord moving(DeviceMove move) {
    List<DeviceMove> changed = new ArrayList<>(settled(move.alias()).moves);
    changed.add(move);
    return with(name, phase, pid, birth, steps, persistent, job, changed, diskJobs);
  }

  /** The same run, in which the device of an alias has come, or gone, or stays. */
  public RunRecord settled(String alias) {
    List<DeviceMove> others = moves.stream().filter(move -> !move.alias().equals(alias)).toList();
    return with(name, phase, pid, birth, steps, persistent, job, others, diskJobs);
  }

  /** The same run with a job on a disk, or what that was told since. */
  public RunRecord working(DiskJob work) {
    List<DiskJob> changed = new ArrayList<>(worked(work.id()).diskJobs);
    changed.add(work);
    return with(name, phase, pid, birth, steps, persistent, job, moves, changed);
  }

  /** The same run, in which a job on a disk is over. */
  public RunRecord worked(String id) {
    List<DiskJob> others = diskJobs.stream().filter(work -> !work.id().equals(id)).toList();
    return with(name, phase, pid, birth, steps, persistent, job, moves, others);
  }
}
