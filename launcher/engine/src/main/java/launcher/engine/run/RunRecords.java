package launcher.engine.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.DefinitionStore;
import launcher.engine.store.RecordJson;

/** The records of what runs, one file each in the runtime folder, with its live XML beside it. */
public final class RunRecords {
  private static final String SUFFIX = ".json";
  private final Path folder;

  /** In a folder, which is made when the first record is written. */
  public RunRecords(Path folder) {
    this.folder = folder;
  }

  /**
   * A record and the XML of what runs.
   *
   * @param live the definition as it was started, with what was plugged in since
   */
  public record Run(RunRecord record, String live) {}

  /** Everything remembered, when an engine opens: half-written files are removed. */
  public List<Run> load(DefinitionStore.Unreadable unreadable) throws IOException {
    AtomicFile.sweep(folder);
    return all(unreadable);
  }

  /** Everything remembered, while others may be writing. */
  public List<Run> all(DefinitionStore.Unreadable unreadable) throws IOException {
    List<Run> runs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          RunRecord record = RecordJson.read(RunRecord.class, Files.readString(file));
          Path live = live(record.uuid());
          runs.add(new Run(record, Files.exists(live) ? Files.readString(live) : ""));
        } catch (IOException e) {
          unreadable.met(file, e);
        } catch (IllegalArgumentException e) {
          unreadable.met(file, new IOException(e.getMessage(), e));
        }
      }
    } catch (NoSuchFileException nothingRuns) {
      return runs;
    }
    return runs;
  }

  /** Writes a run's record. */
  public void save(RunRecord record) throws IOException {
    AtomicFile.folder(folder, 0700);
    AtomicFile.writeUntilBoot(
        folder.resolve(record.uuid() + SUFFIX), RecordJson.write(record) + "\n");
  }

  /** Writes a run's XML. */
  public void saveLive(String uuid, String live) throws IOException {
    AtomicFile.folder(folder, 0700);
    AtomicFile.writeUntilBoot(live(uuid), live);
  }

  /** Forgets a run. */
  public void remove(String uuid) throws IOException {
    Files.deleteIfExists(live(uuid));
    Files.deleteIfExists(folder.resolve(uuid + SUFFIX));
  }

  private Path live(String uuid) {
    return folder.resolve(uuid + ".xml");
  }
}
