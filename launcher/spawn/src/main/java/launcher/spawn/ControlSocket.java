package launcher.spawn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * Our end of the socket to an executor: orders go out, reports come back, its end means that execve
 * succeeded.
 */
final class ControlSocket implements AutoCloseable {
  /**
   * What the executor says.
   *
   * @param ready true at the handshake, false for a failure
   * @param step the step that failed
   * @param errno why
   * @param order the number of the order it is about, or -1
   */
  record Report(boolean ready, SpawnStep step, int errno, int order) {}

  static final int REPORT = 16;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final LibC C = Native.libc();

  private final int ours;
  private int theirs;
  private byte[] unsent = new byte[0];
  private boolean closed;

  ControlSocket() throws CallException {
    int[] pair = Calls.socketPair();
    ours = pair[0];
    theirs = pair[1];
  }

  /** The executor's end, still open here. */
  int theirs() {
    return theirs;
  }

  /** Our end. */
  int ours() {
    return ours;
  }

  /**
   * Puts as much of the orders as fits into the socket before the executor is born: it then need
   * not wait for us.
   */
  void post(byte[] orders) {
    long sent = Math.max(0, C.send(ours, orders, orders.length, MSG_DONTWAIT | MSG_NOSIGNAL));
    unsent = Arrays.copyOfRange(orders, (int) sent, orders.length);
  }

  /**
   * Closes the executor's end here and sends the rest; an executor that died meanwhile is seen by
   * {@link #hear}.
   */
  void finishPosting() {
    closeTheirs();
    while (unsent.length > 0) {
      long sent = C.send(ours, unsent, unsent.length, MSG_NOSIGNAL);
      if (sent < 0 && Native.errno() != Errno.EINTR) {
        return;
      }
      unsent = Arrays.copyOfRange(unsent, (int) Math.max(0, sent), unsent.length);
    }
  }

  /** Ends what the executor can read; it can still answer. */
  void halfClose() {
    C.shutdown(ours, 1);
  }

  /** Says go. */
  void go() {
    C.send(ours, new byte[] {'G'}, 1, MSG_NOSIGNAL);
  }

  /**
   * Waits for a report.
   *
   * @return empty at the end of the stream
   * @throws CallException with ETIMEDOUT when there is none in time
   */
  Optional<Report> hear(Duration timeout) throws CallException {
    if (!awaitReport(timeout)) {
      throw Calls.failure("poll", Errno.ETIMEDOUT);
    }
    byte[] bytes = new byte[REPORT];
    return readReport(bytes) < REPORT
        ? Optional.empty()
        : Optional.of(report(ByteBuffer.wrap(bytes)));
  }

  /** Waits until there is a report or the end; false when the time is over. */
  boolean awaitReport(Duration timeout) throws CallException {
    Pointer set = Native.memory(8);
    set.putInt(0, ours);
    set.putShort(4, (short) 1);
    return Calls.poll(set, 1, (int) timeout.toMillis()) > 0;
  }

  /** Reads the struct report of orders.h. */
  static Report report(ByteBuffer bytes) {
    ByteBuffer report = bytes.order(ByteOrder.nativeOrder());
    return new Report(
        report.getInt(0) == 1, SpawnStep.of(report.getInt(4)), report.getInt(8), report.getInt(12));
  }

  /**
   * An executor that is killed leaves a reset instead of an end when it had not read everything.
   */
  private int readReport(byte[] bytes) throws CallException {
    try {
      return Calls.read(ours, bytes, REPORT);
    } catch (CallException failed) {
      if (failed.errno() == Errno.ECONNRESET) {
        return 0;
      }
      throw failed;
    }
  }

  private void closeTheirs() {
    Calls.close(theirs);
    theirs = -1;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeTheirs();
      Calls.close(ours);
    }
  }
}
