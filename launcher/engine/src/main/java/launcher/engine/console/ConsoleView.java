package launcher.engine.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import launcher.engine.Console;

/**
 * One person's view of a terminal. Who reads too slowly loses the oldest, never the guest's time.
 */
public final class ConsoleView implements Console {
  private static final int MOST_WAITING = 1 << 20;

  private final ConsoleHub hub;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int size;
  private boolean ended;

  ConsoleView(ConsoleHub hub) {
    this.hub = hub;
  }

  void offer(byte[] chunk) {
    if (chunk.length == 0) {
      return;
    }
    lock.lock();
    try {
      waiting.add(chunk);
      size += chunk.length;
      while (size > MOST_WAITING) {
        size -= waiting.remove().length;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int take(byte[] into, int offset, int length) throws IOException {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (ended) {
          return -1;
        }
        changed.await();
      }
      byte[] chunk = waiting.remove();
      int count = Math.min(length, chunk.length);
      System.arraycopy(chunk, 0, into, offset, count);
      if (count < chunk.length) {
        waiting.addFirst(Arrays.copyOfRange(chunk, count, chunk.length));
      }
      size -= count;
      return count;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public InputStream output() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return take(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : take(into, offset, length);
      }

      @Override
      public int available() {
        lock.lock();
        try {
          return size;
        } finally {
          lock.unlock();
        }
      }
    };
  }

  @Override
  public OutputStream input() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        hub.write(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        hub.write(Arrays.copyOfRange(from, offset, offset + length));
      }
    };
  }

  @Override
  public void close() {
    hub.leave(this);
    end();
  }
}
