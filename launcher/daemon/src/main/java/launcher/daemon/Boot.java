package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.Engine;

/**
 * Starts what starts with the host, once a boot: a daemon that is started again later leaves alone
 * what somebody has shut down since.
 *
 * @param runtime the folder where the present boot is noted
 * @param bootId the kernel's name of the present boot (proc_sys_kernel(5), random/boot_id)
 */
record Boot(Path runtime, String bootId) {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  static Boot of(Path runtime) throws IOException {
    Path id = Path.of("/proc/sys/kernel/random/boot_id");
    return new Boot(runtime, Files.readString(id).strip());
  }

  /**
   * Starts them, if this is the first daemon of the boot.
   *
   * @param before brings back what the host's shutdown has suspended; false when the host is going
   *     down again
   * @param between two starts, for guests that say nothing of their own
   * @param leaves whether the host is on its way down again
   */
  void start(
      Engine engine, BooleanSupplier before, Supplier<Duration> between, BooleanSupplier leaves) {
    Path mark = runtime.resolve("autostarted");
    try {
      if (Files.exists(mark) && Files.readString(mark).equals(bootId)) {
        return;
      }
      if (!before.getAsBoolean()) {
        return;
      }
      engine
          .startAutomatic(between.get(), leaves)
          .forEach(words -> LOG.log(Level.SEVERE, "not started: {0}", words));
      if (leaves.getAsBoolean()) {
        return;
      }
      // noted when it is done: a daemon that is killed before leaves the rest to the next one
      Path whole = Files.writeString(runtime.resolve("autostarted.new"), bootId);
      Files.move(whole, mark, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.SEVERE, "what starts with the host is not started: " + e.getMessage(), e);
    }
  }
}
