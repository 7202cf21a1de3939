package launcher.engine.saving;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.GuestLife;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.FileNames;

/**
 * What launcher wrote at the beginning of saved guests. QEMU has such a file open for writing while
 * it saves, and a QEMU that was taken over could put another guest there, with other disks: so the
 * digest of each head is kept where no guest writes, and compared before the head is believed.
 *
 * <p>A file is known by its inode and its time of birth, under whatever name. A copy, or a file
 * from another host, is not known, and its head is believed.
 */
final class SavedHeads {
  private static final FileTime NEVER = FileTime.fromMillis(0);

  /** The birth of a file on a file system that keeps none. */
  private static final String UNKNOWN = "-";

  /** Guests save at the same time, and each forgets what is no more. */
  private static final Object LOCK = new Object();

  private final Path folder;

  private SavedHeads(Path folder) {
    this.folder = folder;
  }

  static SavedHeads of(GuestLife life) {
    return of(life.context());
  }

  static SavedHeads of(EngineContext context) {
    return new SavedHeads(context.folders().state().resolve("saved/heads"));
  }

  /**
   * Remembers the head of a file that nobody else has open yet.
   *
   * @param written where it lies now
   * @param file where it is to lie
   */
  void remember(Path written, Path file, SaveFile head) throws IOException {
    synchronized (LOCK) {
      AtomicFile.folder(folder, 0700);
      sweep();
      Files.setLastModifiedTime(written, NEVER);
      FileTime birth = birth(written);
      String known = birth.equals(NEVER) ? UNKNOWN : birth.toString();
      AtomicFile.write(
          folder.resolve(inode(written)),
          known + "\n" + digest(written, head) + "\n" + file + "\n");
    }
  }

  /**
   * The head of a file, which is compared with what was written.
   *
   * @throws EngineException when it is no saved guest, or a known file with another head
   */
  SaveFile read(Path file) throws IOException {
    SaveFile head = SaveFile.read(file);
    if (isChanged(file, head)) {
      throw changed(file);
    }
    return head;
  }

  /** Whether it is a known file with another head. */
  private boolean isChanged(Path file, SaveFile head) throws IOException {
    Path known = folder.resolve(inode(file));
    List<String> lines;
    synchronized (LOCK) {
      if (!Files.exists(known)) {
        return false;
      }
      lines = Files.readAllLines(known);
    }
    return lines.size() == 3
        && List.of(UNKNOWN, birth(file).toString()).contains(lines.getFirst())
        && !lines.get(1).equals(digest(file, head));
  }

  static EngineException changed(Path file) {
    return new EngineException(
        Kind.INVALID,
        "the head of '"
            + file
            + "' is not the one that launcher wrote when it saved the guest: QEMU or somebody else has changed it."
            + " Look at the XML at its beginning; a copy of the file (cp) is taken as it is");
  }

  /** Forgets those whose file is no more. */
  private void sweep() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "[0-9]*")) {
      for (Path known : all) {
        List<String> lines = Files.readAllLines(known);
        if (lines.size() != 3 || !isThere(known, Path.of(lines.get(2)))) {
          Files.deleteIfExists(known);
        }
      }
    }
  }

  private static boolean isThere(Path known, Path file) throws IOException {
    for (String more : new String[] {"", ".partial", ".used"}) {
      Path one = file.resolveSibling(file.getFileName() + more);
      if (isInode(one, String.valueOf(known.getFileName()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInode(Path file, String number) throws IOException {
    try {
      return inode(file).equals(number);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** On a file system that keeps none Java tells the time of the last change instead. */
  private static FileTime birth(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).creationTime();
  }

  private static String inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino").toString();
  }

  private static String digest(Path file, SaveFile head) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(head.begin()));
      return FileNames.digest(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }
}
