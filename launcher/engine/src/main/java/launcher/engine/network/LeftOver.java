package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.host.ProcessEnd;

/** A dnsmasq that an earlier daemon has left behind: it served on, and is now to be replaced. */
final class LeftOver {
  private LeftOver() {}

  /** Ends the process of a pid file, if it is the dnsmasq of that configuration and still runs. */
  static void end(Path pidFile, Path configuration) {
    process(pidFile, configuration).ifPresent(ProcessEnd::end);
  }

  private static Optional<ProcessHandle> process(Path pidFile, Path configuration) {
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      String words = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      boolean same = words.contains("--conf-file=" + configuration + "\0");
      return same ? ProcessHandle.of(pid) : Optional.empty();
    } catch (IOException | NumberFormatException gone) {
      return Optional.empty();
    }
  }
}
