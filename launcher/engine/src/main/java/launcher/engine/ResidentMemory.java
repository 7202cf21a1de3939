package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds of the host's memory (proc(5), VmRSS). */
final class ResidentMemory {
  private ResidentMemory() {}

  /** In KiB; 0 when there is no such process. */
  static long kib(int pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.split("\\s+")[1]);
        }
      }
    } catch (IOException gone) {
      return 0;
    }
    return 0;
  }
}
