package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.JobProgress;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.RunRecord.Job;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlWriter;

/** The memory of a guest that stays: a saved guest beside the one that goes on. */
public final class GuestMemory {
  private GuestMemory() {}

  /** Where it is written until it is whole. */
  public static Path partial(Path file) {
    return job(file, false).partial();
  }

  private static Job job(Path file, boolean runs) {
    return new Job(Job.Kind.SAVING, file, runs, false, false);
  }

  /**
   * Writes the memory; the guest stands still from then on, whether that works or not.
   *
   * @param file which must not be there
   * @param runs whether it is to run when it comes back from there
   */
  public static void write(
      GuestLife life, QemuRunning qemu, Path file, boolean runs, Consumer<JobProgress> progress) {
    AtomicFile.refuseSpecial(file);
    ActiveRun run = life.running();
    GuestSaving.refuseBusy(run);
    Job job = job(file, runs);
    try {
      GuestSaving.write(life, qemu, job, XmlWriter.write(run.live()), runs, false, progress);
      AtomicFile.rename(job.partial(), file);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the memory of guest '"
              + life.definition().name()
              + "' is not written to '"
              + file
              + "': "
              + EngineException.reason(e),
          e);
    }
  }
}
