package launcher.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import launcher.control.Json;
import launcher.control.Json.Members;

/** What virsh's nodeinfo says, from /proc and /sys. */
final class NodeInfo {
  private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");

  private NodeInfo() {}

  static Members read() throws IOException {
    Set<String> sockets = new HashSet<>();
    Set<String> cores = new HashSet<>();
    int processors = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROCESSORS, "cpu[0-9]*")) {
      for (Path folder : folders) {
        Path topology = folder.resolve("topology");
        if (Files.isDirectory(topology)) { // not there for a processor that is off
          String socket = Files.readString(topology.resolve("physical_package_id")).strip();
          sockets.add(socket);
          cores.add(socket + " " + Files.readString(topology.resolve("core_id")).strip());
          processors++;
        }
      }
    }
    int socketCount = Math.max(1, sockets.size());
    int coreCount = Math.max(1, cores.size());
    return Json.object(
        "cpuModel", System.getProperty("os.arch", "").replace("amd64", "x86_64"),
        "cpus", processors,
        "mhz", megahertz(),
        "sockets", socketCount,
        "cores", coreCount / socketCount,
        "threads", Math.max(1, processors / coreCount),
        "nodes", Math.max(1, NodeUsage.cells().size()),
        "memoryKib", NodeUsage.memory(Optional.empty()).findWhole("total").orElse(0L));
  }

  private static long megahertz() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("cpu MHz")) {
        return (long) Double.parseDouble(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return 0; // not every architecture says it
  }
}
