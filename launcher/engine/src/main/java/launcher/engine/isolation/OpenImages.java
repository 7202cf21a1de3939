package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** The files that a program has open, by what they are. */
final class OpenImages {
  private OpenImages() {}

  /** What a file is: {@code device:inode}. */
  static String identity(Path file) throws IOException {
    Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
    return found.get("dev") + ":" + found.get("ino");
  }

  /**
   * Looks for a file among them, under its name: the number of one that was removed may be that of
   * a newer file by now.
   *
   * @throws IOException when the program has not opened it
   */
  static void verify(int pid, Path name, String wanted) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : all) {
        if (is(descriptor, name, wanted)) {
          return;
        }
      }
    }
    throw new IOException("Another file has taken its place since it was checked");
  }

  private static boolean is(Path descriptor, Path name, String wanted) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).equals(name) && identity(descriptor).equals(wanted);
    } catch (NoSuchFileException closed) {
      return false;
    }
  }
}
