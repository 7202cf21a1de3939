package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A dnsmasq that an earlier daemon has left behind: it served on, and is now to be replaced. */
final class LeftOver {
  private static final long GRACE_SECONDS = 3;

  private LeftOver() {}

  /** Ends the process of a pid file, if it is the dnsmasq of that configuration and still runs. */
  static void end(Path pidFile, Path configuration) {
    process(pidFile, configuration).ifPresent(LeftOver::end);
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException stubborn) {
      process.destroyForcibly();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for pid " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
