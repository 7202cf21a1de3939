package launcher.engine.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.drivers.plan.HostFacts;

/** Gathers the facts of this host from {@code /proc} (proc(5)) and {@code /dev}. */
public final class HostFactsReader {
  private HostFactsReader() {}

  /** The facts now. */
  public static HostFacts read() {
    try {
      Path kvm = Path.of("/dev/kvm");
      return new HostFacts(
          System.getProperty("os.arch", "").equals("amd64")
              ? "x86_64"
              : System.getProperty("os.arch", ""),
          Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(),
          identity("Uid:"),
          identity("Gid:"),
          Runtime.getRuntime().availableProcessors(),
          memoryKib(),
          Files.isReadable(kvm) && Files.isWritable(kvm));
    } catch (IOException e) {
      throw new UncheckedIOException("/proc cannot be read", e);
    }
  }

  /** The effective identity, the second of four. */
  private static long identity(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.split("\\s+")[2]);
      }
    }
    throw new IOException("/proc/self/status has no " + field);
  }

  private static long memoryKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.split("\\s+")[1]);
      }
    }
    throw new IOException("/proc/meminfo has no MemTotal");
  }
}
