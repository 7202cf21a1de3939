package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.qemu.Processors;
import launcher.engine.run.ProcessIdentity;

/**
 * A processor of a running guest, as the thread of the host that runs it.
 *
 * @param index from 0
 * @param cpu the host's processor it ran on last
 * @param cpuTime what it has used
 * @param affinity the host's processors it may run on, such as {@code 0-3,7}
 */
public record GuestProcessor(int index, int cpu, Duration cpuTime, String affinity) {
  private static final Duration TICK = Duration.ofMillis(10);

  // fields of /proc/PID/stat behind the name's closing bracket (proc(5), counted from 3)
  private static final int USER_TICKS = 14 - 3;
  private static final int SYSTEM_TICKS = 15 - 3;
  private static final int LAST_CPU = 39 - 3;

  /** Reads what the kernel tells of a thread; one that is gone has used nothing. */
  static GuestProcessor of(int index, int process, int thread) {
    Path folder = Path.of("/proc/" + process + "/task/" + thread);
    try {
      String[] fields = ProcessIdentity.fields(folder.resolve("stat"));
      long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
      return new GuestProcessor(
          index,
          Integer.parseInt(fields[LAST_CPU]),
          TICK.multipliedBy(ticks),
          affinity(Files.readAllLines(folder.resolve("status"))));
    } catch (IOException e) {
      return new GuestProcessor(index, 0, Duration.ZERO, "");
    }
  }

  private static String affinity(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** All of a running guest. */
  static List<GuestProcessor> of(int process, Processors processors) {
    List<GuestProcessor> found = new ArrayList<>();
    processors.present().forEach(p -> found.add(of(p.index(), process, p.thread())));
    return found;
  }
}
