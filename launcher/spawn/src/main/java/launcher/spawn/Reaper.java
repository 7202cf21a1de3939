package launcher.spawn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.Native;

/** One thread that waits for the children nobody else waits for, so that none stays a zombie. */
final class Reaper {
  private static final Reaper INSTANCE = new Reaper();

  private record Watch(PidDescriptor process, Runnable atEnd) {}

  private final ConcurrentLinkedQueue<Watch> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Watch> watched = new HashMap<>();
  private final int wakeReader;
  private final int wakeWriter;

  private Reaper() {
    try {
      int[] pipe = Calls.pipe();
      wakeReader = pipe[0];
      wakeWriter = pipe[1];
      Calls.doNotWait(wakeReader);
      Calls.doNotWait(wakeWriter);
    } catch (CallException failed) {
      throw new IllegalStateException("Cannot watch children", failed);
    }
    Thread.ofPlatform().daemon().name("launcher-spawn-reaper").start(this::watch);
  }

  /**
   * Calls back from the reaper's thread when the process has ended and is reaped.
   *
   * @param atEnd must be short and must not throw
   */
  static void watch(PidDescriptor process, Runnable atEnd) {
    INSTANCE.arrivals.add(new Watch(process, atEnd));
    Native.libc().write(INSTANCE.wakeWriter, new byte[1], 1); // a full pipe wakes as well
  }

  private void watch() {
    byte[] drained = new byte[64];
    while (true) {
      List<Integer> order = new ArrayList<>(watched.keySet());
      Pointer set = Native.memory(8 * (order.size() + 1));
      entry(set, 0, wakeReader);
      for (int at = 0; at < order.size(); at++) {
        entry(set, at + 1, order.get(at));
      }
      Native.libc().poll(set, order.size() + 1L, -1);
      for (int at = 0; at < order.size(); at++) {
        if (set.getShort(8L * (at + 1) + 6) != 0) {
          ended(order.get(at));
        }
      }
      Native.libc().read(wakeReader, drained, drained.length);
      for (Watch watch = arrivals.poll(); watch != null; watch = arrivals.poll()) {
        watched.put(watch.process().number(), watch);
      }
    }
  }

  private static void entry(Pointer set, int at, int descriptor) {
    set.putInt(8L * at, descriptor);
    set.putShort(8L * at + 4, (short) 1);
  }

  private void ended(int number) {
    Watch watch = watched.get(number);
    if (watch != null && watch.process().status().isPresent()) {
      watched.remove(number);
      watch.atEnd().run();
    }
  }
}
