package launcher.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import launcher.engine.store.AtomicFile;

/** What a save or a restore leaves behind when its guest's process ends before it does. */
public final class JobLeftovers {
  private JobLeftovers() {}

  /**
   * Removes it, once the process has ended. A file half written is of no use, a whole one gets its
   * name; a managed save that was put aside belongs to a guest that has run since, and its disks
   * are no longer those of the saved state.
   *
   * @return what could not be removed, in words
   */
  public static List<String> remove(RunRecord record) {
    if (record.job().isEmpty()) {
      return List.of();
    }
    RunRecord.Job job = record.job().get();
    try {
      switch (job.kind()) {
        case SAVING -> {
          if (job.whole() && Files.exists(job.partial())) {
            AtomicFile.rename(job.partial(), job.file());
          } else {
            Files.deleteIfExists(job.partial());
          }
        }
        case RESTORING -> Files.deleteIfExists(job.used());
      }
      return List.of();
    } catch (IOException e) {
      return List.of("remove '" + job.file() + "': " + FileSteps.reason(e));
    }
  }
}
