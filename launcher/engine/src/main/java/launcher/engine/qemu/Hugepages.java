package launcher.engine.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.host.QemuHost;

/** Where a host's huge pages are mounted. */
final class Hugepages {
  private Hugepages() {}

  static List<QemuHost.HugepageMount> mounted() {
    try {
      List<QemuHost.HugepageMount> mounts = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
        String[] fields = line.split(" ");
        if (fields[2].equals("hugetlbfs")) {
          mounts.add(new QemuHost.HugepageMount(pageSize(fields[3]), fields[1]));
        }
      }
      return mounts;
    } catch (IOException e) {
      throw new UncheckedIOException("/proc/mounts cannot be read", e);
    }
  }

  /** In KiB; 2 MiB is what a mount has that does not say. */
  private static long pageSize(String options) {
    for (String option : options.split(",")) {
      if (option.startsWith("pagesize=")) {
        String size = option.substring("pagesize=".length());
        long number = Long.parseLong(size.substring(0, size.length() - 1));
        return size.endsWith("G") ? number << 20 : number << 10;
      }
    }
    return 2048;
  }
}
