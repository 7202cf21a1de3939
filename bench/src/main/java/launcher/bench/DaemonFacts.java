package launcher.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What processes cost while they run, from /proc (proc(5)). */
final class DaemonFacts {
  private DaemonFacts() {}

  /** Resident memory in MiB. */
  static double residentMib(long pid) throws IOException {
    return Long.parseLong(status(pid, "VmRSS").replaceAll("\\D", "")) / 1024.0;
  }

  /** The most it has ever had. */
  static double peakMib(long pid) throws IOException {
    return Long.parseLong(status(pid, "VmHWM").replaceAll("\\D", "")) / 1024.0;
  }

  static int threads(long pid) throws IOException {
    return Integer.parseInt(status(pid, "Threads"));
  }

  /**
   * The number of process and thread ids that this pid namespace has given out; the difference of
   * two is what was burnt.
   */
  static long lastPid() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).strip();
    return Long.parseLong(load.substring(load.lastIndexOf(' ') + 1));
  }

  /** The processes whose command line has that text and whose program's name begins so. */
  static List<Long> pids(String program, String text) throws IOException {
    List<Long> pids = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.toList()) {
        String name = String.valueOf(process.getFileName());
        if (name.chars().allMatch(Character::isDigit) && matches(process, program, text)) {
          pids.add(Long.parseLong(name));
        }
      }
    }
    return pids;
  }

  private static boolean matches(Path process, String program, String text) {
    try {
      byte[] words = Files.readAllBytes(process.resolve("cmdline"));
      String line = new String(words, StandardCharsets.UTF_8).replace('\0', ' ');
      int end = line.indexOf(' ');
      String first = end < 0 ? line : line.substring(0, end);
      return first.substring(first.lastIndexOf('/') + 1).startsWith(program) && line.contains(text);
    } catch (IOException e) {
      return false; // it ended while we looked
    }
  }

  private static String status(long pid, String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(l -> l.startsWith(key + ":"))
          .map(l -> l.substring(key.length() + 1).strip())
          .findFirst()
          .orElse("0");
    } catch (UncheckedIOException | NoSuchFileException e) {
      throw new IOException("process " + pid + " has ended", e);
    }
  }
}
