package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the file system of a file is mounted.
 *
 * @param readOnly whether the mount or the file system is
 */
record MountPoint(Path folder, boolean readOnly) {
  /**
   * The longest mount point that the path begins with; the last one where two lie on each other.
   */
  static MountPoint of(Path file) {
    MountPoint found = new MountPoint(Path.of("/"), false);
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
        String[] fields = line.split(" ");
        Path folder = Path.of(plain(fields[1]));
        if (file.startsWith(folder) && folder.getNameCount() >= found.folder().getNameCount()) {
          found = new MountPoint(folder, (fields[3] + ",").startsWith("ro,"));
        }
      }
    } catch (IOException unknown) {
      return found;
    }
    return found;
  }

  private static String plain(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
