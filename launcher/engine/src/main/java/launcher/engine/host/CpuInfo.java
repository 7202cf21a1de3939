package launcher.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel tells of the host's processors. */
final class CpuInfo {
  private CpuInfo() {}

  /** Of the first one, by the kernel's names. */
  static Map<String, String> first() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      int colon = line.indexOf(':');
      if (colon < 0 && !values.isEmpty()) {
        return values;
      }
      if (colon >= 0) {
        values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return values;
  }
}
