package launcher.engine.lxc;

import java.io.IOException;
import java.nio.file.Path;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * A new pseudo-terminal (pty(7)).
 *
 * @param master descriptor of this end, which who made it closes
 * @param slave path of the other end
 */
record PseudoTerminal(int master, Path slave) {
  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;

  /** ioctl_tty(2): number of the other end; lock of the other end. */
  private static final long TIOCGPTN = 0x80045430L;

  private static final long TIOCSPTLCK = 0x40045431L;

  /** Settings of a terminal: struct termios of the kernel, its local flags, lines edited here. */
  private static final long TCGETS = 0x5401;

  private static final long TCSETS = 0x5402;

  private static final int SETTINGS = 60;
  private static final int OUTPUT_FLAGS = 4;
  private static final int OPOST = 1;
  private static final int LOCAL_FLAGS = 12;
  private static final int ICANON = 2;

  static PseudoTerminal open() throws IOException {
    LibC c = Native.libc();
    int master = c.open("/dev/ptmx", O_RDWR | O_NOCTTY | Calls.CLOEXEC, 0);
    if (master < 0) {
      throw Calls.failure("open '/dev/ptmx'", Native.errno());
    }
    Pointer number = Native.memory(4);
    if (c.ioctl(master, TIOCSPTLCK, number) < 0 || c.ioctl(master, TIOCGPTN, number) < 0) {
      int errno = Native.errno();
      Calls.close(master);
      throw Calls.failure("unlock a pseudo-terminal", errno);
    }
    return new PseudoTerminal(master, Path.of("/dev/pts/" + number.getInt(0)));
  }

  /** Passes on what is written at the other end as it is: lines end as in the container. */
  void plain() {
    Pointer settings = Native.memory(SETTINGS);
    if (Native.libc().ioctl(master, TCGETS, settings) == 0) {
      settings.putInt(OUTPUT_FLAGS, settings.getInt(OUTPUT_FLAGS) & ~OPOST);
      Native.libc().ioctl(master, TCSETS, settings);
    }
  }

  /** Whether a program at the other end takes every key as it comes (termios(3), not ICANON). */
  boolean taken() {
    Pointer settings = Native.memory(SETTINGS);
    return Native.libc().ioctl(master, TCGETS, settings) == 0
        && (settings.getInt(LOCAL_FLAGS) & ICANON) == 0;
  }
}
