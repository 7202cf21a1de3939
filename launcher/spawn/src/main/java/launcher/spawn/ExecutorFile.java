package launcher.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import launcher.spawn.libc.Native;

/**
 * Finds the executor and looks whether it can be trusted: whoever could write it would be whoever
 * starts it.
 */
final class ExecutorFile {
  /**
   * Where tests and programs without an installed tree name it; settable by whoever starts the JVM,
   * not by a user of it.
   */
  static final String PROPERTY = "launcher.spawn.executor";

  private static final String NAME = "spawn-executor";
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  private ExecutorFile() {}

  static Path find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return trusted(Path.of(named));
    }
    return trusted(
        Native.installed(NAME)
            .orElseThrow(() ->
                refused(
                    Path.of(NAME),
                    "It is not in the folder libexec beside the jars' folder: name it by -D"
                        + PROPERTY
                        + "=FILE")));
  }

  static Path trusted(Path executor) {
    Path file = executor.toAbsolutePath();
    check(file, file);
    Path folder = file.getParent();
    if (folder != null) {
      check(file, folder);
    }
    return file;
  }

  private static void check(Path executor, Path file) {
    int owner = attribute(executor, file, "unix:uid");
    int mode = attribute(executor, file, "unix:mode");
    if (owner != 0 && owner != Accounts.ownUid()) {
      throw refused(
          executor,
          "'" + file + "' belongs to user " + owner + ", neither to root nor to the caller");
    }
    boolean stickyFolder = Files.isDirectory(file) && (mode & STICKY) != 0;
    if ((mode & WRITABLE_BY_OTHERS) != 0 && !stickyFolder) {
      throw refused(
          executor,
          "'" + file + "' can be written by others, mode 0" + Integer.toOctalString(mode & 07777));
    }
    if (!Files.isDirectory(file)
        && (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || (mode & 0111) == 0)) {
      throw refused(executor, "It is not an executable file");
    }
  }

  private static int attribute(Path executor, Path file, String name) {
    try {
      return Files.getAttribute(file, name, LinkOption.NOFOLLOW_LINKS) instanceof Integer value
          ? value
          : -1;
    } catch (IOException missing) {
      throw refused(executor, "'" + file + "' cannot be looked at: " + missing.getMessage());
    }
  }

  private static SpawnException refused(Path executor, String reason) {
    return new SpawnException(SpawnStep.FIND_EXECUTOR, "", executor, 0, reason);
  }
}
