package launcher.engine.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/** Folders with everything in them. */
public final class FileTree {
  private FileTree() {}

  /**
   * Removes a folder with everything in it, where there is one; follows no link. Each folder is
   * opened and what is in it removed through that descriptor (unlinkat(2)), so that whoever may
   * write in one of them cannot lead us elsewhere by putting a link in the place of another.
   *
   * @param folder whose own folder nobody else may write in
   */
  public static void remove(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> above = Files.newDirectoryStream(parent)) {
      remove(secure(above), name);
    }
  }

  private static void remove(SecureDirectoryStream<Path> above, Path name) throws IOException {
    try {
      if (isFolder(above, name)) {
        empty(above, name);
        above.deleteDirectory(name);
      } else {
        above.deleteFile(name);
      }
    } catch (NoSuchFileException gone) {
      // somebody else was faster, which is as good
    }
  }

  private static boolean isFolder(SecureDirectoryStream<Path> above, Path name) throws IOException {
    return above
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }

  private static void empty(SecureDirectoryStream<Path> above, Path name) throws IOException {
    try (SecureDirectoryStream<Path> inside =
        above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : inside) {
        Path file = entry.getFileName();
        if (file != null) {
          remove(inside, file);
        }
      }
    } catch (NotDirectoryException changed) {
      throw new IOException("'" + name + "' has become another file while it was removed", changed);
    }
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IllegalStateException("Linux has openat(2) and unlinkat(2)");
  }
}
