package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a daemon costs while it runs, from /proc (proc(5)). */
final class DaemonFacts {
  private DaemonFacts() {}

  static String memoryAndThreads(long pid) throws IOException {
    double mib = Long.parseLong(status(pid, "VmRSS").replaceAll("\\D", "")) / 1024.0;
    return String.format(Locale.ROOT, "%.0f MiB resident, %s threads", mib, status(pid, "Threads"));
  }

  /**
   * Processor time of a process and of its children that were waited for, in clock ticks of 10 ms.
   */
  static long cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Stream.of(11, 12, 13, 14).mapToLong(i -> Long.parseLong(fields[i])).sum();
  }

  /**
   * The number of process and thread ids that this pid namespace has given out; the difference of
   * two is what was burnt.
   */
  static long lastPid() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).strip();
    return Long.parseLong(load.substring(load.lastIndexOf(' ') + 1));
  }

  private static String status(long pid, String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(l -> l.startsWith(key + ":"))
          .map(l -> l.substring(key.length() + 1).strip())
          .findFirst()
          .orElse("0");
    }
  }
}
