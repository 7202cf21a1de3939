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
 * FOLDER/renaming/name        there while it is given the name that stands in it
 * FOLDER/removing/name        there while it is removed, with what goes with it
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
    sweep();
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

  /** Ends what writers that were killed have begun. */
  private void sweep() throws IOException {
    for (Path each :
        List.of(folder, completedFolder(), autostartFolder(), renamingFolder(), removingFolder())) {
      AtomicFile.sweep(each);
    }
    for (Path intent : files(renamingFolder())) {
      settle(intent);
    }
    for (Path completed : files(completedFolder())) {
      if (!Files.exists(folder.resolve(completed.getFileName()))) {
        AtomicFile.delete(completed);
      }
    }
    for (Path mark : files(autostartFolder())) {
      if (!Files.exists(folder.resolve(mark.getFileName() + SUFFIX))) {
        AtomicFile.delete(mark);
      }
    }
    for (Path intent : files(removingFolder())) {
      if (!Files.exists(folder.resolve(intent.getFileName() + SUFFIX))) {
        AtomicFile.delete(intent);
      }
    }
  }

  private static List<Path> files(Path of) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(of)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    } catch (NoSuchFileException nothingThere) {
      return List.of();
    }
  }

  /** Told of a file that cannot be read. */
  @FunctionalInterface
  public interface Unreadable {
    /** Called once a file. */
    void met(Path file, IOException reason);
  }

  private Entry entry(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is no file"); // a pipe would keep everybody waiting
    }
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
   *
   * @throws IOException when it is as before: there is room for both files or for none
   */
  public void save(String object, String written, String completed) throws IOException {
    AtomicFile.folder(completedFolder(), 0755);
    try (AtomicFile.Staged text =
            AtomicFile.stage(text(object), written.getBytes(StandardCharsets.UTF_8), 0600);
        AtomicFile.Staged whole = stageCompleted(object, written, completed)) {
      text.commit();
      whole.commit();
    }
  }

  /** Writes the completed text only. */
  public void saveCompleted(String object, String written, String completed) throws IOException {
    AtomicFile.folder(completedFolder(), 0755);
    try (AtomicFile.Staged whole = stageCompleted(object, written, completed)) {
      whole.commit();
    }
  }

  private AtomicFile.Staged stageCompleted(String object, String written, String completed)
      throws IOException {
    String head = MADE_FROM + FileNames.digest(written) + " -->\n";
    return AtomicFile.stage(
        completedFolder().resolve(FileNames.of(object) + SUFFIX),
        (head + completed).getBytes(StandardCharsets.UTF_8),
        0600);
  }

  /**
   * Gives a definition another name. Killed at any moment, the next load finds it whole, under the
   * old name or the new one: the text under the new name decides.
   *
   * @param written its text with the new name
   * @throws IOException when it keeps its old name
   */
  public void rename(String from, String to, String written, String completed) throws IOException {
    Path intent = renamingFolder().resolve(FileNames.of(from));
    AtomicFile.folder(renamingFolder(), 0755);
    AtomicFile.write(intent, to);
    try {
      autostart(to, autostart(from));
      saveCompleted(to, written, completed);
      AtomicFile.write(text(to), written);
    } catch (IOException e) {
      settle(intent);
      throw e;
    }
    settle(intent);
  }

  /** Ends a renaming: forwards when the new text is there, else backwards. */
  private void settle(Path intent) throws IOException {
    String to = FileNames.of(Files.readString(intent));
    String from = intent.getFileName().toString();
    removeFiles(Files.exists(folder.resolve(to + SUFFIX)) ? from : to);
    AtomicFile.delete(intent);
  }

  /** Whether there is a file of that name, readable or not. */
  public boolean holds(String object) {
    return Files.exists(text(object));
  }

  private Path text(String object) {
    return folder.resolve(FileNames.of(object) + SUFFIX);
  }

  /** Removes a definition; the user's text first, which alone makes it defined. */
  public void remove(String object) throws IOException {
    removeFiles(FileNames.of(object));
  }

  private void removeFiles(String name) throws IOException {
    AtomicFile.delete(folder.resolve(name + SUFFIX));
    AtomicFile.delete(completedFolder().resolve(name + SUFFIX));
    AtomicFile.delete(autostartFolder().resolve(name));
    AtomicFile.delete(removingFolder().resolve(name));
  }

  /**
   * Remembers that a definition is about to be removed, before anything of it is.
   *
   * @param what goes with it, for who has to end it
   */
  public void removing(String object, String what) throws IOException {
    AtomicFile.folder(removingFolder(), 0755);
    AtomicFile.write(removingFolder().resolve(FileNames.of(object)), what);
  }

  /** What was to go with a definition whose removal was cut off; empty when none was. */
  public Optional<String> removing(String object) throws IOException {
    Path intent = removingFolder().resolve(FileNames.of(object));
    return Files.exists(intent) ? Optional.of(Files.readString(intent)) : Optional.empty();
  }

  /** It stays after all. */
  public void staying(String object) throws IOException {
    AtomicFile.delete(removingFolder().resolve(FileNames.of(object)));
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

  private Path renamingFolder() {
    return folder.resolve("renaming");
  }

  private Path removingFolder() {
    return folder.resolve("removing");
  }

  private Path autostartFolder() {
    return folder.resolve("autostart");
  }
}
