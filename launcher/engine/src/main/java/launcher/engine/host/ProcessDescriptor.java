package launcher.engine.host;

import java.time.Duration;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Native;

/** A process by descriptor (pidfd_open(2)): no signal reaches another that got its number. */
public final class ProcessDescriptor implements AutoCloseable {
  private static final short POLLIN = 1;
  private final int pid;
  private final int descriptor;

  private ProcessDescriptor(int pid, int descriptor) {
    this.pid = pid;
    this.descriptor = descriptor;
  }

  /** Opens a process. */
  public static ProcessDescriptor of(int pid) throws Calls.CallException {
    return new ProcessDescriptor(pid, Calls.pidDescriptor(pid));
  }

  /** Its number. */
  public int pid() {
    return pid;
  }

  /** Sends a signal, by its number because real-time signals have no name of their own. */
  public void signal(int number) throws Calls.CallException {
    Calls.signal(descriptor, number);
  }

  /** Waits for its end; true when it has ended in time. */
  public boolean await(Duration patience) throws Calls.CallException {
    return awaitOr(-1, patience);
  }

  /**
   * Waits for its end, or until another descriptor can be read.
   *
   * @param other -1 for none
   * @return whether the process has ended
   */
  public boolean awaitOr(int other, Duration patience) throws Calls.CallException {
    Pointer set = Native.memory(16);
    set.putInt(0, descriptor);
    set.putShort(4, POLLIN);
    set.putInt(8, other);
    set.putShort(12, POLLIN);
    Calls.poll(set, 2, (int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
    return set.getShort(6) != 0;
  }

  @Override
  public void close() {
    Calls.close(descriptor);
  }
}
