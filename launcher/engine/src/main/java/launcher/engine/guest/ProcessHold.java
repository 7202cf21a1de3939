package launcher.engine.guest;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import jnr.ffi.Pointer;
import launcher.spawn.Child;
import launcher.spawn.Signal;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Native;

/**
 * A hold on a guest's process by a descriptor (pidfd_open(2)), so that no signal ever reaches
 * another process, whether this engine started it or found it.
 */
public final class ProcessHold implements AutoCloseable {
  private static final short POLLIN = 1;

  private final int pid;
  private final int descriptor;
  private final CompletableFuture<Void> ended;
  private boolean closed;

  private ProcessHold(int pid, int descriptor, CompletableFuture<Void> ended) {
    this.pid = pid;
    this.descriptor = descriptor;
    this.ended = ended;
  }

  /** A process that this engine started. */
  public static ProcessHold of(Child child) throws IOException {
    CompletableFuture<Void> ended = child.onExit().thenAccept(completed -> child.close());
    return new ProcessHold(child.pid(), Calls.pidDescriptor(child.pid()), ended);
  }

  /** A process that an earlier engine started; its identity was checked. */
  public static ProcessHold of(int pid) throws IOException {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    ProcessHold hold = new ProcessHold(pid, Calls.pidDescriptor(pid), ended);
    Thread.ofPlatform().daemon().name("end of " + pid).start(hold::watch);
    return hold;
  }

  // A pidfd is readable when its process has ended.
  private void watch() {
    Pointer set = Native.memory(8);
    set.putInt(0, descriptor);
    set.putShort(4, POLLIN);
    try {
      Calls.poll(set, 1, -1);
      ended.complete(null);
    } catch (IOException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Its id. */
  public int pid() {
    return pid;
  }

  /** Completed when it has ended. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Sends a signal; nothing happens when it has ended. */
  public synchronized void signal(Signal signal) {
    if (closed) {
      return;
    }
    try {
      Calls.signal(descriptor, signal.number());
    } catch (IOException e) {
      // ESRCH: it has ended, which is what a signal is sent for
      return;
    }
  }

  /** Lets go of it. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Calls.close(descriptor);
    }
  }
}
