package launcher.spawn;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;
import org.jspecify.annotations.Nullable;

/**
 * A child of ours by its pidfd: waited for and signalled without ever meaning another process that
 * got its number. Opened before the child can have been reaped, so the number was right.
 */
final class PidDescriptor {
  private static final int P_PID = 1;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int CLD_EXITED = 1;
  private static final int CLD_DUMPED = 3;
  private static final LibC C = Native.libc();

  private static final long TRACER_NANOS = 1_000_000;

  private final int pid;
  private final int descriptor;
  private int users;
  private boolean letGo;
  private @Nullable ExitStatus status;

  private PidDescriptor(int pid, int descriptor) {
    this.pid = pid;
    this.descriptor = descriptor;
  }

  /**
   * A child that was just born. When there is no descriptor for it (EMFILE) it is ended and reaped
   * by its number, which is its own until then: its orders may have reached it already.
   */
  static PidDescriptor ofNewborn(int pid) throws CallException {
    try {
      return new PidDescriptor(pid, Calls.pidDescriptor(pid));
    } catch (CallException failed) {
      C.kill(pid, Signal.KILL.number());
      C.waitid(P_PID, pid, Native.memory(128), WEXITED);
      throw failed;
    }
  }

  int pid() {
    return pid;
  }

  int number() {
    return descriptor;
  }

  /** How it ended, if it has; reaps it. */
  synchronized Optional<ExitStatus> status() {
    if (status == null && !letGo) {
      status = reap();
    }
    return Optional.ofNullable(status);
  }

  private @Nullable ExitStatus reap() {
    Pointer information = Native.memory(128);
    if (C.waitid(P_PIDFD, descriptor, information, WEXITED | WNOHANG) != 0) {
      throw new IllegalStateException("waitid of child " + pid + ": " + Errno.text(Native.errno()));
    }
    if (information.getInt(0) == 0) {
      return null;
    }
    // siginfo_t of SIGCHLD on 64-bit Linux: signal, errno, code, padding, pid, uid, status.
    int code = information.getInt(8);
    int value = information.getInt(24);
    return code == CLD_EXITED
        ? new ExitStatus.Exited(value)
        : new ExitStatus.Signalled(value, code == CLD_DUMPED);
  }

  /** Waits for the end; empty when the time is over. Null waits for ever. */
  Optional<ExitStatus> await(@Nullable Duration timeout) {
    Optional<ExitStatus> known = status();
    if (known.isPresent() || !enter()) {
      return known;
    }
    long begun = System.nanoTime();
    try {
      Pointer set = Native.memory(8);
      set.putInt(0, descriptor);
      set.putShort(4, (short) 1);
      Calls.poll(
          set, 1, timeout == null ? -1 : (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
      return ended(set, begun, timeout);
    } catch (CallException failed) {
      throw new IllegalStateException("Cannot wait for child " + pid, failed);
    } finally {
      leave();
    }
  }

  /**
   * A process that is traced (strace, a debugger) has ended for its tracer first, and nothing tells
   * when that one lets go of it.
   */
  private Optional<ExitStatus> ended(Pointer set, long begun, @Nullable Duration timeout) {
    Optional<ExitStatus> found = status();
    while (found.isEmpty()
        && set.getShort(6) != 0
        && !isLetGo()
        && (timeout == null || System.nanoTime() - begun < timeout.toNanos())) {
      LockSupport.parkNanos(TRACER_NANOS);
      found = status();
    }
    return found;
  }

  private synchronized boolean isLetGo() {
    return letGo;
  }

  /** Sends a signal; false when the process has ended. */
  synchronized boolean signal(int signal) {
    if (status != null || letGo) {
      return false;
    }
    try {
      Calls.signal(descriptor, signal);
      return true;
    } catch (CallException ended) {
      return false;
    }
  }

  private synchronized boolean enter() {
    if (letGo) {
      return false;
    }
    users++;
    return true;
  }

  private synchronized void leave() {
    users--;
    if (letGo && users == 0) {
      Calls.close(descriptor);
    }
  }

  /** Closes the descriptor as soon as nobody waits on it. */
  synchronized void letGo() {
    if (!letGo) {
      letGo = true;
      if (users == 0) {
        Calls.close(descriptor);
      }
    }
  }
}
