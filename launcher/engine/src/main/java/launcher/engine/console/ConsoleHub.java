package launcher.engine.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /** Opens a terminal. */
  public interface Opening {
    /** A descriptor to read and write, which the hub closes. */
    int open() throws IOException;
  }

  private final String name;
  private final Opening opening;
  private final List<ConsoleView> views = new CopyOnWriteArrayList<>();
  private int descriptor = -1;

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
      descriptor = opening.open();
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
      int count = Calls.read(from, buffer, buffer.length);
      while (count > 0) {
        byte[] chunk = Arrays.copyOf(buffer, count);
        views.forEach(view -> view.offer(chunk));
        if (endUnwatched(from)) {
          return;
        }
        count = Calls.read(from, buffer, buffer.length);
      }
      end(from);
    } catch (IOException gone) {
      // EIO: the other side of the terminal, the guest, is gone
      end(from);
    }
  }

  // A read that nobody waits for any more ends at the next byte, which nobody misses: QEMU logs it.
  private synchronized boolean endUnwatched(int from) {
    if (!views.isEmpty()) {
      return false;
    }
    end(from);
    return true;
  }

  private synchronized void end(int from) {
    Calls.close(from);
    descriptor = -1;
    views.forEach(ConsoleView::end);
    views.clear();
  }

  synchronized void write(byte[] bytes) throws IOException {
    if (descriptor < 0) {
      throw new IOException("the guest has ended");
    }
    Calls.writeAll(descriptor, bytes);
  }

  void leave(ConsoleView view) {
    views.remove(view);
  }
}
