package launcher.spawn;

import java.time.Duration;
import java.util.Arrays;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.Native;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a program and keeps what it says in one loop of poll(2), so that no order of reading and
 * writing can deadlock. Ends with the program: what a grandchild that inherited the pipe says later
 * is not waited for.
 */
final class StreamPump {
  private static final int POLLIN = 1;
  private static final int POLLOUT = 4;
  private static final int ENTRY = 8;
  private static final int CHUNK = 65536;

  private final PidDescriptor process;
  private final Capture output;
  private final Capture error;
  private final byte[] buffer = new byte[CHUNK];
  private final Pointer set = Native.memory(4 * ENTRY);
  private byte[] unfed;
  private int input;
  private boolean finished;

  /** Takes over the descriptors of all streams that need pumping. */
  StreamPump(PidDescriptor process, StandardStreams streams, Plumbing plumbing)
      throws CallException {
    this.process = process;
    unfed = streams.input() instanceof StandardInput.Fed(Bytes bytes) ? bytes.array() : new byte[0];
    input = streams.input() instanceof StandardInput.Fed ? unwaiting(plumbing.takeInput()) : -1;
    output =
        capture(
            streams.output(),
            streams.output() instanceof StandardOutput.Captured ? plumbing.takeOutput() : -1);
    error =
        capture(
            streams.error(),
            streams.error() instanceof StandardOutput.Captured ? plumbing.takeError() : -1);
  }

  private static Capture capture(StandardOutput wanted, int descriptor) throws CallException {
    return new Capture(unwaiting(descriptor), wanted);
  }

  private static int unwaiting(int descriptor) throws CallException {
    if (descriptor >= 0) {
      Calls.doNotWait(descriptor);
    }
    return descriptor;
  }

  /**
   * Pumps until the program has ended.
   *
   * @param deadline at most so long, null for ever
   * @return false when the time is over; may be called again
   */
  synchronized boolean pump(@Nullable Duration deadline) {
    long end = deadline == null ? 0 : System.nanoTime() + deadline.toNanos();
    while (!finished) {
      int millis =
          deadline == null
              ? -1
              : (int) Math.max(0, Math.ceilDiv(end - System.nanoTime(), 1_000_000));
      if (round(millis) == 0 && deadline != null && System.nanoTime() >= end) {
        return false;
      }
    }
    return true;
  }

  private int round(int millis) {
    entry(0, input, POLLOUT);
    entry(1, output.descriptor(), POLLIN);
    entry(2, error.descriptor(), POLLIN);
    entry(3, process.number(), POLLIN);
    int ready = poll(millis);
    if (ready > 0) {
      feed();
      output.drain(buffer);
      error.drain(buffer);
      if (set.getShort(3 * ENTRY + 6) != 0) {
        finish();
      }
    }
    return ready;
  }

  private int poll(int millis) {
    try {
      return Calls.poll(set, 4, millis);
    } catch (CallException failed) {
      throw new IllegalStateException(
          "Cannot wait for the streams of child " + process.pid(), failed);
    }
  }

  private void entry(int at, int descriptor, int events) {
    set.putInt((long) at * ENTRY, descriptor);
    set.putShort((long) at * ENTRY + 4, (short) events);
    set.putShort((long) at * ENTRY + 6, (short) 0);
  }

  private void feed() {
    if (input < 0 || set.getShort(6) == 0) {
      return;
    }
    int length = Math.min(unfed.length, CHUNK);
    long written = Native.libc().write(input, unfed, length);
    if (written >= 0) {
      unfed = Arrays.copyOfRange(unfed, (int) written, unfed.length);
    }
    boolean again =
        written < 0 && (Native.errno() == Errno.EAGAIN || Native.errno() == Errno.EINTR);
    if (unfed.length == 0 || (written < 0 && !again)) {
      closeInput();
    }
  }

  private void closeInput() {
    Calls.close(input);
    input = -1;
  }

  /** The program is gone; what it left in the pipes counts, what others might add does not. */
  private void finish() {
    output.drain(buffer);
    error.drain(buffer);
    close();
  }

  /** Lets go of every descriptor. */
  synchronized void close() {
    finished = true;
    closeInput();
    output.close();
    error.close();
  }

  /** What was kept. */
  Completed completed(CommandSpec command, ExitStatus status) {
    return new Completed(
        command, status, output.bytes(), error.bytes(), output.truncated() || error.truncated());
  }
}
