package launcher.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** What the host's processors and memory do, from /proc and /sys (proc(5)). */
final class NodeUsage {
  private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");
  private static final Path NODES = Path.of("/sys/devices/system/node");
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  private NodeUsage() {}

  /** Which processors there are, and which of them work, as sets such as {@code 0-3}. */
  static Members processors() throws IOException {
    return Json.object(
        "present", Files.readString(PROCESSORS.resolve("present")).strip(),
        "online", Files.readString(PROCESSORS.resolve("online")).strip());
  }

  /**
   * What the processors have done since the host's start, in nanoseconds.
   *
   * @param cpu one of them; all when empty
   */
  static Members processorTimes(Optional<Long> cpu) throws IOException {
    String label = "cpu" + cpu.map(String::valueOf).orElse("");
    for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
      String[] fields = line.split("\\s+");
      if (fields[0].equals(label)) {
        return Json.object(
            "user",
            ticks(fields, 1) + ticks(fields, 2),
            "system",
            ticks(fields, 3) + ticks(fields, 6) + ticks(fields, 7),
            "idle",
            ticks(fields, 4),
            "iowait",
            ticks(fields, 5));
      }
    }
    throw new ControlException(
        Outcome.NOT_FOUND, "this host has no processor " + cpu.map(String::valueOf).orElse(""));
  }

  private static long ticks(String[] fields, int index) {
    return index < fields.length ? Long.parseLong(fields[index]) * NANOSECONDS_PER_TICK : 0;
  }

  /**
   * Memory in KiB.
   *
   * @param cell one NUMA node; the whole host when empty
   */
  static Members memory(Optional<Long> cell) throws IOException {
    if (cell.isEmpty()) {
      Map<String, Long> all = table(Path.of("/proc/meminfo"));
      return Json.object(
          "total", all.get("MemTotal"),
          "free", all.get("MemFree"),
          "buffers", all.get("Buffers"),
          "cached", all.get("Cached"));
    }
    Map<String, Long> node = table(folder(cell.get()).resolve("meminfo"));
    return Json.object("total", node.get("MemTotal"), "free", node.get("MemFree"));
  }

  /** The folder of a NUMA node. */
  static Path folder(long cell) {
    Path folder = NODES.resolve("node" + cell);
    if (!Files.isDirectory(folder)) {
      throw new ControlException(Outcome.NOT_FOUND, "this host has no NUMA cell " + cell);
    }
    return folder;
  }

  /** The NUMA nodes; none where the kernel knows no NUMA. */
  static List<Long> cells() throws IOException {
    List<Long> cells = new ArrayList<>();
    if (Files.isDirectory(NODES)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(NODES, "node[0-9]*")) {
        folders.forEach(
            folder -> cells.add(Long.valueOf(String.valueOf(folder.getFileName()).substring(4))));
      }
    }
    return cells.stream().sorted().toList();
  }

  /** Free memory of each NUMA node in KiB; of the host as node 0 where it knows none. */
  static Json freeMemory() throws IOException {
    List<Json> rows = new ArrayList<>();
    for (long cell : cells()) {
      rows.add(Json.object("cell", cell, "freeKib", freeKib(Optional.of(cell))));
    }
    if (rows.isEmpty()) {
      rows.add(Json.object("cell", 0, "freeKib", freeKib(Optional.empty())));
    }
    return new Json.Array(rows);
  }

  /** Free memory of one NUMA node; of the whole host when empty. */
  static long freeKib(Optional<Long> cell) throws IOException {
    return memory(cell).findWhole("free").orElse(0L);
  }

  /** {@code MemTotal: 123 kB}; a node's lines begin with {@code Node 0}. */
  private static Map<String, Long> table(Path file) throws IOException {
    Map<String, Long> values = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.replaceFirst("^Node [0-9]+ ", "").split("[:\\s]+");
      if (fields.length >= 2 && fields[1].matches("[0-9]{1,18}")) {
        values.put(fields[0], Long.valueOf(fields[1]));
      }
    }
    return values;
  }
}
