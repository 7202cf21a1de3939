package launcher.engine.host;

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
  private static final int NONE = -1;

  private final int pid;
  private final int descriptor;
  private final CompletableFuture<Void> ended;

  /** The writing end of a pipe that wakes who waits for the end; none when nobody waits. */
  private int wake = NONE;

  private boolean closed;

  private ProcessHold(int pid, int descriptor, CompletableFuture<Void> ended) {
    this.pid = pid;
    this.descriptor = descriptor;
    this.ended = ended;
  }

  /** A process that this engine started. */
  public static ProcessHold of(Child child) throws IOException {
    CompletableFuture<Void> ended = child.onExit().thenAccept(completed -> child.close());
    try {
      return new ProcessHold(child.pid(), Calls.pidDescriptor(child.pid()), ended);
    } catch (Calls.CallException e) {
      if (child.isAlive()) {
        throw e;
      }
      // it ran, and has ended and been reaped by now: there is nothing left to signal
      return new ProcessHold(child.pid(), NONE, ended);
    }
  }

  /** A process that an earlier engine started; its identity was checked. */
  public static ProcessHold of(int pid) throws IOException {
    ProcessHold hold = new ProcessHold(pid, Calls.pidDescriptor(pid), new CompletableFuture<>());
    try {
      int[] pipe = Calls.pipe();
      hold.wake = pipe[1];
      Thread.ofPlatform().daemon().name("end of " + pid).start(() -> hold.watch(pipe[0]));
      return hold;
    } catch (IOException e) {
      Calls.close(hold.descriptor);
      throw e;
    }
  }

  /** Something that runs and is no process of launcher's to signal. */
  public static ProcessHold elsewhere(CompletableFuture<Void> ended) {
    return new ProcessHold(0, NONE, ended);
  }

  // A pidfd is readable when its process has ended, the pipe when nobody wants to know any more.
  private void watch(int woken) {
    Pointer set = Native.memory(16);
    set.putInt(0, descriptor);
    set.putShort(4, POLLIN);
    set.putInt(8, woken);
    set.putShort(12, POLLIN);
    try {
      Calls.poll(set, 2, -1);
      if (set.getShort(6) != 0) {
        ended.complete(null);
      }
    } catch (IOException e) {
      ended.completeExceptionally(e);
    } finally {
      stopWatching(woken);
    }
  }

  private synchronized void stopWatching(int woken) {
    Calls.close(woken);
    Calls.close(wake);
    wake = NONE;
    if (closed) {
      Calls.close(descriptor);
    }
  }

  /** Its id. */
  public int pid() {
    return pid;
  }

  /** Completed when it has ended; never after it was let go of before. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Sends a signal; nothing happens when it has ended. */
  public synchronized void signal(Signal signal) {
    if (closed || descriptor < 0) {
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
    if (closed) {
      return;
    }
    closed = true;
    if (wake == NONE) {
      Calls.close(descriptor);
    } else {
      // its number must not become another's while somebody waits on it
      Calls.close(wake);
      wake = NONE;
    }
  }
}
