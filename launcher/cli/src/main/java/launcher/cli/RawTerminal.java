package launcher.cli;

import java.io.Closeable;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;

/**
 * A terminal whose every key goes through as it is, until this is closed; nothing when standard
 * input is no terminal. Loaded for consoles only: the first native call costs 0.2 s.
 */
final class RawTerminal implements Closeable {
  private static final int STANDARD_INPUT = 0;
  private static final int TCSANOW = 0;

  /** More than any libc's struct termios (glibc: 60). */
  private static final int TERMIOS_BYTES = 256;

  /** Calls of termios(3). */
  public interface Termios {
    /** Reads the settings. */
    int tcgetattr(int descriptor, @Out byte[] termios);

    /** Changes the settings. */
    int tcsetattr(int descriptor, int when, byte[] termios);

    /** Makes settings raw. */
    void cfmakeraw(byte[] termios);
  }

  private final Termios libc;
  private final byte[] before;
  private final Thread atExit = new Thread(this::restore);
  private boolean restored;

  private RawTerminal(Termios libc, byte[] before) {
    this.libc = libc;
    this.before = before;
  }

  static RawTerminal ofStandardInput() {
    Termios libc = LibraryLoader.create(Termios.class).load("c");
    byte[] before = new byte[TERMIOS_BYTES];
    RawTerminal terminal = new RawTerminal(libc, before);
    if (libc.tcgetattr(STANDARD_INPUT, before) != 0) {
      terminal.restored = true; // a pipe or a file
      return terminal;
    }
    Runtime.getRuntime().addShutdownHook(terminal.atExit); // for SIGTERM and SIGHUP
    byte[] raw = before.clone();
    libc.cfmakeraw(raw);
    libc.tcsetattr(STANDARD_INPUT, TCSANOW, raw);
    return terminal;
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      libc.tcsetattr(STANDARD_INPUT, TCSANOW, before);
    }
  }

  @Override
  public void close() {
    restore();
  }
}
