package launcher.engine.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * The one reader of a guest's terminal, so that several people see the same: what comes goes to
 * everyone, what anyone types goes in. Open while somebody looks.
 */
public final class ConsoleHub {
  private static final int O_RDWR = 2;

  /** A daemon has no controlling terminal; opening one without this flag would make it one. */
  private static final int O_NOCTTY = 0x100;

  private static final int CHUNK = 4096;

  /** A guest that takes not a byte of what is typed for so long is not waited for. */
  private static final int PATIENCE_MILLIS = 5000;

  /** How long somebody who types may keep a terminal from being closed. */
  private static final int SLICE_MILLIS = 50;

  /** Opens a terminal. */
  public interface Opening {
    /** A descriptor to read and write, which the hub closes. */
    int open() throws IOException;
  }

  private final String name;
  private final Opening opening;
  private final List<ConsoleView> views = new CopyOnWriteArrayList<>();

  /** Held while something is typed: nobody closes the terminal under a typist. */
  private final ReentrantLock typing = new ReentrantLock();

  /** Whether the guest took nothing of what was typed last; guarded by {@link #typing}. */
  private boolean deaf;

  private volatile int descriptor = -1;

  /** A hub for a terminal, such as {@code /dev/pts/3}. */
  public ConsoleHub(Path terminal) {
    this(terminal.toString(), () -> open(terminal));
  }

  /**
   * A hub for a terminal that is not opened by its path.
   *
   * @param name for the name of the thread that reads it
   */
  public ConsoleHub(String name, Opening opening) {
    this.name = name;
    this.opening = opening;
  }

  private static int open(Path terminal) throws IOException {
    LibC c = Native.libc();
    int opened = c.open(terminal.toString(), O_RDWR | O_NOCTTY | Calls.CLOEXEC, 0);
    if (opened < 0) {
      throw Calls.failure("open '" + terminal + "'", Native.errno());
    }
    return opened;
  }

  /** What a view shows first; asked for when the terminal is open, so that nothing is missed. */
  public interface Beginning {
    /** The bytes. */
    byte[] bytes() throws IOException;
  }

  /**
   * Begins to look.
   *
   * @param before what the view shows first
   */
  public ConsoleView view(byte[] before) throws IOException {
    return view(() -> before);
  }

  /**
   * Begins to look.
   *
   * @param before what the view shows first
   */
  public synchronized ConsoleView view(Beginning before) throws IOException {
    ConsoleView view = new ConsoleView(this);
    boolean first = descriptor < 0;
    if (first) {
      int opened = opening.open();
      Calls.doNotWait(opened);
      descriptor = opened;
    }
    view.offer(before.bytes());
    views.add(view);
    if (first) {
      int opened = descriptor;
      Thread.ofPlatform().daemon().name("console " + name).start(() -> read(opened));
    }
    return view;
  }

  private void read(int from) {
    byte[] buffer = new byte[CHUNK];
    try {
      int count = read(from, buffer);
      while (count > 0) {
        byte[] chunk = Arrays.copyOf(buffer, count);
        views.forEach(view -> view.offer(chunk));
        if (endUnwatched(from)) {
          return;
        }
        count = read(from, buffer);
      }
      end(from);
    } catch (IOException gone) {
      // EIO: the other side of the terminal, the guest, is gone
      end(from);
    }
  }

  private static int read(int from, byte[] buffer) throws IOException {
    Calls.awaitReady(from, Calls.READABLE, -1);
    return Calls.read(from, buffer, buffer.length);
  }

  // A read that nobody waits for any more ends at the next byte, which nobody misses: QEMU logs it.
  private boolean endUnwatched(int from) {
    synchronized (this) {
      if (!views.isEmpty()) {
        return false;
      }
      descriptor = -1;
    }
    close(from);
    return true;
  }

  private void end(int from) {
    synchronized (this) {
      descriptor = -1;
      views.forEach(ConsoleView::end);
      views.clear();
    }
    close(from);
  }

  private void close(int from) {
    typing.lock();
    try {
      Calls.close(from);
    } finally {
      typing.unlock();
    }
  }

  /**
   * Types. As on a serial line that nobody listens to, what a paused or stuck guest does not take
   * is lost, and nobody waits for it but who types.
   *
   * @throws IOException when the guest has ended
   */
  void write(byte[] bytes) throws IOException {
    typing.lock();
    try {
      byte[] rest = bytes;
      int waited = deaf ? PATIENCE_MILLIS : 0;
      while (rest.length > 0) {
        int count = Calls.writeSome(open(), rest);
        rest = Arrays.copyOfRange(rest, count, rest.length);
        if (count > 0) {
          waited = 0;
        } else if (waited >= PATIENCE_MILLIS) {
          deaf = true;
          return;
        } else if (!Calls.awaitReady(open(), Calls.WRITABLE, SLICE_MILLIS)) {
          waited += SLICE_MILLIS;
        }
      }
      deaf = false;
    } finally {
      typing.unlock();
    }
  }

  private int open() throws IOException {
    int open = descriptor;
    if (open < 0) {
      throw new IOException("the guest has ended");
    }
    return open;
  }

  void leave(ConsoleView view) {
    views.remove(view);
  }
}
