package launcher.spawn;

import java.io.ByteArrayOutputStream;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;

/**
 * Keeps what a pipe brings, up to a limit; reads on beyond it so that the program is never held up.
 */
final class Capture {
  private final int limit;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int descriptor;
  private boolean truncated;

  /**
   * Takes over a descriptor.
   *
   * @param descriptor made not to wait, or -1 for nothing to keep
   */
  Capture(int descriptor, StandardOutput wanted) {
    this.descriptor = descriptor;
    limit = wanted instanceof StandardOutput.Captured(int bytes) ? bytes : 0;
  }

  /** The descriptor to wait for, -1 after its end. */
  int descriptor() {
    return descriptor;
  }

  /** Takes everything that is there now; returns false when nothing more can come. */
  boolean drain(byte[] buffer) {
    while (descriptor >= 0) {
      int count = read(buffer);
      if (count < 0) {
        return true;
      }
      if (count == 0) {
        close();
      }
      int room = Math.min(count, limit - kept.size());
      kept.write(buffer, 0, room);
      truncated |= room < count;
    }
    return false;
  }

  /** -1 when there is nothing now, 0 at the end; a broken pipe is an end. */
  private int read(byte[] buffer) {
    try {
      return Calls.read(descriptor, buffer, buffer.length);
    } catch (CallException failed) {
      return failed.errno() == Errno.EAGAIN ? -1 : 0;
    }
  }

  Bytes bytes() {
    return kept.size() == 0 ? Bytes.EMPTY : Bytes.of(kept.toByteArray());
  }

  boolean truncated() {
    return truncated;
  }

  void close() {
    Calls.close(descriptor);
    descriptor = -1;
  }
}
