package launcher.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/** Removes the pid file of a start that failed, and never that of a process that lives. */
final class StalePidFile {
  private static final int O_RDWR = 2;
  private static final int O_NOFOLLOW =
      System.getProperty("os.arch").equals("aarch64") ? 0100000 : 0400000;
  private static final int F_OFD_SETLK = 37;
  private static final short F_WRLCK = 1;
  private static final LibC C = Native.libc();

  private StalePidFile() {}

  static void remove(CommandSpec command) {
    PidFile pidFile = command.pidFile();
    if (pidFile == null || !Files.exists(pidFile.path())) {
      return;
    }
    int file = C.open(pidFile.path().toString(), O_RDWR | O_NOFOLLOW | Calls.CLOEXEC, 0);
    if (file < 0) {
      return;
    }
    try {
      if (lock(file)) {
        removeIfSame(file, pidFile.path());
      }
    } finally {
      Calls.close(file);
    }
  }

  /**
   * Whoever starts with this file takes the same lock first and looks whether the file is still the
   * one of that name.
   */
  private static boolean lock(int file) {
    Pointer lock = Native.memory(32);
    lock.putShort(0, F_WRLCK);
    return C.fcntl(file, F_OFD_SETLK, lock) == 0;
  }

  private static void removeIfSame(int file, Path path) {
    try {
      if (Files.isSameFile(Path.of("/proc/self/fd/" + file), path)) {
        Files.delete(path);
      }
    } catch (IOException gone) {
      // Somebody was faster, or it cannot be removed: it is not locked, so it stands for no
      // process.
    }
  }
}
