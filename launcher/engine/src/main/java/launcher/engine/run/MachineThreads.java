package launcher.engine.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import launcher.drivers.plan.MonitorStep.Pin;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.spawn.libc.Calls;

/**
 * The threads of a running QEMU, and on which of the host's processors they may run.
 *
 * @param guest for messages
 * @param pid its process
 * @param monitor where they are asked for
 */
public record MachineThreads(String guest, int pid, ProcessorPlaces.Monitor monitor) {
  private static final int NO_SUCH_THREAD = 3; // ESRCH
  private static final String IO_THREAD = "iothread";

  /** Which thread of the host runs which processor of the guest, by its number. */
  public Map<Long, Integer> processors() {
    Map<Long, Integer> threads = new TreeMap<>();
    for (JsonObject cpu : monitor.answer("query-cpus-fast", Props.empty()).objects("return")) {
      threads.put(cpu.number("cpu-index", 0), (int) cpu.number("thread-id", 0));
    }
    return threads;
  }

  /** Which thread of the host is which I/O thread, by its number in the XML. */
  public Map<Long, Integer> ioThreads() {
    Map<Long, Integer> threads = new TreeMap<>();
    for (JsonObject thread : monitor.answer("query-iothreads", Props.empty()).objects("return")) {
      String id = thread.string("id", "");
      if (id.matches(IO_THREAD + "[0-9]{1,9}")) {
        threads.put(
            Long.valueOf(id.substring(IO_THREAD.length())), (int) thread.number("thread-id", 0));
      }
    }
    return threads;
  }

  /** All other threads; the first one is the process's own. */
  public List<Integer> emulator() {
    Set<Integer> others = new HashSet<>(processors().values());
    others.addAll(ioThreads().values());
    Set<Integer> found = new TreeSet<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      tasks.forEach(task -> found.add(Integer.valueOf(String.valueOf(task.getFileName()))));
    } catch (IOException e) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + guest + "' has ended: " + EngineException.reason(e), e);
    }
    found.removeAll(others);
    return List.copyOf(found);
  }

  /**
   * Pins.
   *
   * @throws EngineException when the host has none of those processors; a processor that is not
   *     plugged in is passed over
   */
  public void pin(Pin pin) {
    List<Integer> threads =
        switch (pin.threads()) {
          case PROCESSOR -> one(processors(), pin.number());
          case IO_THREAD -> one(ioThreads(), pin.number());
          case EMULATOR -> emulator();
        };
    BitSet processors = CpuSet.parse(pin.processors());
    for (int thread : threads) {
      pin(thread, processors, pin.processors());
    }
  }

  private static List<Integer> one(Map<Long, Integer> threads, long number) {
    Integer thread = threads.get(number);
    return thread == null ? List.of() : List.of(thread);
  }

  private void pin(int thread, BitSet processors, String words) {
    try {
      Calls.affinity(thread, processors);
    } catch (Calls.CallException e) {
      if (e.errno() == NO_SUCH_THREAD) {
        return; // a worker that has ended meanwhile
      }
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + guest
              + "' cannot run on the processors '"
              + words
              + "' of this host, which has "
              + online()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static String online() {
    try {
      return Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
    } catch (IOException e) {
      return "others";
    }
  }
}
