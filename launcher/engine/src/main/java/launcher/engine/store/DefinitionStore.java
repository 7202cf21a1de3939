package launcher.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Definitions of one kind (guests, networks) in a folder: what the user wrote, byte for byte, and
 * the completed text beside it. The user's text is the truth: a completed text that was made from
 * another one is not used.
 *
 * <pre>
 * FOLDER/name.xml             as written
 * FOLDER/completed/name.xml   completed, its first line tells the digest of what it was made from
 * FOLDER/autostart/name       there when it starts with the host
 * </pre>
 */
public final class DefinitionStore {
  private static final String SUFFIX = ".xml";
  private static final String MADE_FROM = "<!-- completed by launcher from sha256:";

  private final Path folder;

  /** A store in a folder, which is made when something is written. */
  public DefinitionStore(Path folder) {
    this.folder = folder;
  }

  /**
   * One definition.
   *
   * @param name the file's name without its suffix
   * @param written the user's text
   * @param completed the completed text; empty when there is none made from {@code written}
   * @param previous a completed text made from an older one; its addresses are to be kept
   */
  public record Entry(
      String name, String written, Optional<String> completed, Optional<String> previous) {}

  /** Every definition; unreadable files are passed over by {@code unreadable}. */
  public List<Entry> load(Unreadable unreadable) throws IOException {
    AtomicFile.sweep(folder);
    AtomicFile.sweep(completedFolder());
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          found.add(entry(file));
        } catch (IOException e) {
          unreadable.met(file, e);
        }
      }
    } catch (NoSuchFileException nothingDefined) {
      return found;
    }
    return found;
  }

  /** Told of a file that cannot be read. */
  @FunctionalInterface
  public interface Unreadable {
    /** Called once a file. */
    void met(Path file, IOException reason);
  }

  private Entry entry(Path file) throws IOException {
    String fileName = file.getFileName().toString();
    String name = fileName.substring(0, fileName.length() - SUFFIX.length());
    String written = Files.readString(file);
    Path completed = completedFolder().resolve(fileName);
    if (!Files.exists(completed)) {
      return new Entry(name, written, Optional.empty(), Optional.empty());
    }
    String text = Files.readString(completed);
    return text.startsWith(MADE_FROM + FileNames.digest(written))
        ? new Entry(name, written, Optional.of(text), Optional.empty())
        : new Entry(name, written, Optional.empty(), Optional.of(text));
  }

  /**
   * Writes a definition. Killed between its two files, the new text is defined and the old
   * completed text serves as what to keep addresses from.
   */
  public void save(String object, String written, String completed) throws IOException {
    AtomicFile.folder(completedFolder(), 0755);
    String name = FileNames.of(object) + SUFFIX;
    AtomicFile.write(folder.resolve(name), written.getBytes(StandardCharsets.UTF_8), 0600);
    saveCompleted(object, written, completed);
  }

  /** Writes the completed text only. */
  public void saveCompleted(String object, String written, String completed) throws IOException {
    AtomicFile.folder(completedFolder(), 0755);
    String head = MADE_FROM + FileNames.digest(written) + " -->\n";
    AtomicFile.write(completedFolder().resolve(FileNames.of(object) + SUFFIX), head + completed);
  }

  /** Removes a definition; the user's text first, which alone makes it defined. */
  public void remove(String object) throws IOException {
    String name = FileNames.of(object);
    autostart(object, false);
    if (Files.isDirectory(folder)) {
      AtomicFile.delete(folder.resolve(name + SUFFIX));
    }
    if (Files.isDirectory(completedFolder())) {
      AtomicFile.delete(completedFolder().resolve(name + SUFFIX));
    }
  }

  /** Whether it starts with the host. */
  public boolean autostart(String object) {
    return Files.exists(autostartFolder().resolve(FileNames.of(object)));
  }

  /** Says whether it starts with the host. */
  public void autostart(String object, boolean wanted) throws IOException {
    Path mark = autostartFolder().resolve(FileNames.of(object));
    if (wanted) {
      AtomicFile.folder(autostartFolder(), 0755);
      AtomicFile.write(mark, "");
    } else if (Files.exists(mark)) {
      AtomicFile.delete(mark);
    }
  }

  private Path completedFolder() {
    return folder.resolve("completed");
  }

  private Path autostartFolder() {
    return folder.resolve("autostart");
  }
}
