package launcher.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import launcher.engine.EngineException;

/**
 * Replaces a file whole or not at all: temporary file beside it, fsync, rename, fsync of the
 * folder. Whoever is killed between leaves a {@code .tmp} file, which {@link #sweep} removes.
 */
public final class AtomicFile {
  private static final String SUFFIX = ".tmp";

  private AtomicFile() {}

  /** Writes text in UTF-8, readable by the owner only. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), 0600);
  }

  /**
   * Writes bytes.
   *
   * @param permissions octal mode of the new file
   */
  public static void write(Path file, byte[] content, int permissions) throws IOException {
    try (Staged staged = stage(file, content, permissions)) {
      staged.commit();
    }
  }

  /**
   * Writes text in UTF-8 for the time until the host's next boot: whole or not at all for whoever
   * reads it, whatever is killed, but not for a host that loses its power. Nothing waits for a
   * disk.
   */
  public static void writeUntilBoot(Path file, String text) throws IOException {
    writeUntilBoot(file, text, 0600);
  }

  /**
   * The same with another mode.
   *
   * @param permissions octal mode of the new file
   */
  public static void writeUntilBoot(Path file, String text, int permissions) throws IOException {
    try (Staged staged = stage(file, text.getBytes(StandardCharsets.UTF_8), permissions, false)) {
      staged.commit();
    }
  }

  /**
   * A whole new file that is not yet under its name: several are staged, and only when there was
   * room for all of them committed.
   *
   * @param temporary where it lies
   * @param file where it is to lie
   * @param lasting whether it survives a host that loses its power
   */
  public record Staged(Path temporary, Path file, boolean lasting) implements AutoCloseable {
    /** Replaces what lies under its name. */
    public void commit() throws IOException {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      if (lasting) {
        sync(folder(file));
      }
    }

    /** Removes it unless it was committed. */
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Writes bytes beside a file, and does not replace it yet.
   *
   * @param permissions octal mode of the new file
   */
  public static Staged stage(Path file, byte[] content, int permissions) throws IOException {
    return stage(file, content, permissions, true);
  }

  private static Staged stage(Path file, byte[] content, int permissions, boolean lasting)
      throws IOException {
    Path temporary = folder(file).resolve("." + UUID.randomUUID() + SUFFIX);
    FileAttribute<Set<PosixFilePermission>> mode =
        PosixFilePermissions.asFileAttribute(permissions(permissions));
    try (FileChannel channel =
        FileChannel.open(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      // the umask took bits away at birth
      Files.setPosixFilePermissions(temporary, permissions(permissions));
      if (lasting) {
        channel.force(true);
      }
      return new Staged(temporary, file, lasting);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /**
   * Refuses what is there and is no plain file: a device would be replaced, not written to.
   *
   * @throws EngineException when it is a folder, a device, a socket or a symbolic link
   */
  public static void refuseSpecial(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new EngineException(
          EngineException.Kind.INVALID, "'" + file + "' is there and is no plain file");
    }
  }

  /** Removes a file so that it stays removed; does nothing when there is none. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      sync(folder(file));
    }
  }

  /** Renames within one file system, replacing what was there. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(folder(to));
    if (!folder(from).equals(folder(to))) {
      sync(folder(from));
    }
  }

  /** Removes what writers that were killed have left in a folder. */
  public static void sweep(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, ".*" + SUFFIX)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException nothingThere) {
      return;
    }
  }

  /** Makes a folder, and those above it, for the owner only. */
  public static void folder(Path folder, int permissions) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        // a guest's own user must pass through to the folders that are its own
        folder(parent, permissions | 0111);
      }
      Files.createDirectories(
          folder, PosixFilePermissions.asFileAttribute(permissions(permissions)));
    }
  }

  /** {@code 0640} as Java's permissions. */
  public static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder("rwxrwxrwx");
    for (int bit = 0; bit < 9; bit++) {
      if ((mode >> (8 - bit) & 1) == 0) {
        text.setCharAt(bit, '-');
      }
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  private static Path folder(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + file + "' lies in no folder");
    }
    return parent;
  }

  // fsync(2) of a folder makes a rename in it lasting; Java opens a folder for reading only.
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
