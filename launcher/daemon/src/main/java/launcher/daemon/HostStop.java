package launcher.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import launcher.spawn.CommandSpec;
import launcher.spawn.RealSpawner;

/** Whether this host is going down, as systemd says. */
final class HostStop {
  private static final Path SYSTEMCTL = Path.of("/usr/bin/systemctl");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private HostStop() {}

  /** False where systemd does not run, and while it runs or starts the host. */
  static boolean isUnderWay() {
    if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
      return false;
    }
    CommandSpec command = CommandSpec.of(SYSTEMCTL).add("is-system-running").capture().build();
    // Its exit status is 1 for every state but "running"; the word is the answer.
    return new RealSpawner().run(command, PATIENCE).text().strip().equals("stopping");
  }
}
