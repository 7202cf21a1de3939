package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** What has to stand beside a figure for it to mean something. */
final class MachineFacts {
  private MachineFacts() {}

  static List<String> lines() throws IOException {
    return List.of(
        "date: " + LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MINUTES),
        "processors: "
            + Runtime.getRuntime().availableProcessors()
            + " x "
            + first("/proc/cpuinfo", "model name"),
        "memory: " + first("/proc/meminfo", "MemTotal"),
        "kernel: " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
        "java: " + Runtime.version(),
        "system: " + first("/etc/os-release", "PRETTY_NAME").replace("\"", ""),
        "load at the end: " + Files.readString(Path.of("/proc/loadavg")).strip());
  }

  private static String first(String file, String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(l -> l.startsWith(key))
          .map(l -> l.replaceFirst("^[^:=]*[:=]\\s*", ""))
          .findFirst()
          .orElse("unknown");
    }
  }
}
