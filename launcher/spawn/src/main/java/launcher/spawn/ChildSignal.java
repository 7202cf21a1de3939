package launcher.spawn;

import jnr.ffi.Pointer;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * A JVM started with SIGCHLD ignored (by a careless parent) would lose every child's status
 * (sigaction(2), NOTES).
 */
final class ChildSignal {
  private static final int SIGCHLD = 17;
  private static final long SIG_IGN = 1;
  private static final int STRUCT_SIGACTION = 152;

  private ChildSignal() {}

  static void keepStatuses() {
    LibC libc = Native.libc();
    Pointer old = Native.memory(STRUCT_SIGACTION);
    libc.sigaction(SIGCHLD, Native.at(0), old);
    if (old.getLong(0) == SIG_IGN) {
      libc.sigaction(SIGCHLD, Native.memory(STRUCT_SIGACTION), old);
    }
  }
}
