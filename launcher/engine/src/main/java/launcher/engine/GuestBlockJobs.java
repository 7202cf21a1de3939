package launcher.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.DiskJobs;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qmp.QmpEvent;
import launcher.engine.run.DiskJob;

/**
 * Long work on the images of a running guest's disks. Each method that begins one returns at once;
 * the work goes on whatever becomes of the engine, and at its end the live definition and the
 * lasting one say what the disk is. A disk has one at a time.
 */
public final class GuestBlockJobs {
  private static final Duration STEP = Duration.ofMillis(250);

  private final Guest guest;
  private final Guests guests;

  GuestBlockJobs(Guest guest, Guests guests) {
    this.guest = guest;
    this.guests = guests;
  }

  private DiskJobs jobs() {
    return new DiskJobs(guest.life(), changed -> guests.keep(guest.life(), changed));
  }

  /**
   * What lies below a disk's image comes into it.
   *
   * @param disk its target such as {@code vda}, or the path of its image
   * @param base the first image that stays below; none to have nothing below
   * @param bytesPerSecond its limit; 0 for none
   */
  public void pull(String disk, Optional<Path> base, long bytesPerSecond) {
    guest.life().act("blockpull", () -> jobs().pull(disk, base, bytesPerSecond));
  }

  /**
   * An image of a disk goes into one below it. One of what the guest writes to goes on until it is
   * told to {@link #end}.
   *
   * @param disk its target such as {@code vda}, or the path of its image
   */
  public void commit(String disk, BlockCommit wanted) {
    guest.life().act("blockcommit", () -> jobs().commit(disk, wanted));
  }

  /**
   * Copies a disk, and keeps the copy the same until told to {@link #end}.
   *
   * @param disk its target such as {@code vda}, or the path of its image
   */
  public void copy(String disk, BlockCopy wanted) {
    guest.life().act("blockcopy", () -> jobs().copy(disk, wanted));
  }

  /** The job of a disk; empty when there is none. */
  public Optional<BlockJobInfo> info(String disk) {
    return guest
        .life()
        .act(
            "blockjob",
            () -> {
              DiskJobs jobs = jobs();
              return jobs.job(disk).map(job -> info(job, jobs.progress(job)));
            });
  }

  private static BlockJobInfo info(DiskJob job, Optional<JsonObject> now) {
    JsonObject told = now.orElse(JsonObject.EMPTY);
    return new BlockJobInfo(
        job.kind().words(),
        told.number("offset", 0),
        told.number("len", 0),
        told.number("speed", 0),
        told.bool("ready", false));
  }

  /** Limits the job of a disk; 0 for no limit. */
  public void limit(String disk, long bytesPerSecond) {
    guest
        .life()
        .act(
            "blockjob",
            () -> {
              DiskJobs jobs = jobs();
              jobs.speed(needed(jobs, disk), bytesPerSecond);
            });
  }

  private DiskJob needed(DiskJobs jobs, String disk) {
    return jobs.job(disk)
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND, "disk '" + disk + "' of guest '" + guest.name() + "' has no job"));
  }

  /**
   * Ends the job of a disk; returns before it has ended.
   *
   * @param pivot whether the disk becomes what it was copied or committed to; else it stays what it
   *     is, and a copy that was ready stays as a whole image
   */
  public void end(String disk, boolean pivot) {
    guest
        .life()
        .act(
            "blockjob",
            () -> {
              DiskJobs jobs = jobs();
              jobs.stop(needed(jobs, disk), pivot);
            });
  }

  /**
   * Waits until the job of a disk is over, or is ready to be ended.
   *
   * @param over whether to wait for its very end
   * @param patience how long at most
   * @param progress told a few times a second
   * @return false when it took longer
   * @throws EngineException when the job fails
   */
  public boolean await(
      String disk, boolean over, Duration patience, Consumer<JobProgress> progress) {
    ActiveRun run = guest.life().running();
    long end = System.nanoTime() + Math.min(patience.toNanos(), Long.MAX_VALUE / 4);
    Optional<DiskJob> job = guest.life().act("blockjob", () -> jobs().job(disk));
    while (job.isPresent()) {
      DiskJob waited = job.get();
      CompletableFuture<QmpEvent> next =
          guest.qemu().jobs().next(event -> event.data().string("id", "").equals(waited.id()));
      try {
        Optional<BlockJobInfo> now = info(disk);
        now.ifPresent(at ->
            progress.accept(
                new JobProgress(at.kind(), at.done(), at.total(), at.bytesPerSecond())));
        if (now.isEmpty() || !over && now.get().ready()) {
          break;
        }
        if (System.nanoTime() > end) {
          return false;
        }
        next.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        // its progress is asked anew
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineException(Kind.FAILED, "interrupted", e);
      } catch (ExecutionException e) {
        throw new EngineException(Kind.FAILED, String.valueOf(e.getMessage()), e);
      } finally {
        next.cancel(false);
      }
    }
    job.flatMap(waited -> run.jobFailure(waited.id()))
        .ifPresent(why -> {
          throw new EngineException(
              Kind.FAILED,
              "the job of disk '" + disk + "' of guest '" + guest.name() + "' failed: " + why);
        });
    return true;
  }

  /** Ends what has run its course, for one who has heard of it. */
  void settle() {
    guest.life().act("blockjob", () -> jobs().settle());
  }
}
