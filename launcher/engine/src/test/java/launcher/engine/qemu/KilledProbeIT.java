package launcher.engine.qemu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import launcher.engine.OtherJvm;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A QEMU that is asked what it can do does not outlive the launcher that asks. */
final class KilledProbeIT {
  private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");

  @TempDir private Path folder;

  /** The other half: dies once QEMU runs, and says its process id. */
  static final class Victim {
    private Victim() {}

    /** Takes the folder of the cache. */
    public static void main(String[] arguments) {
      new CapabilityCache(Path.of(arguments[0]), new Deadly(new RealSpawner())).of(QEMU);
    }
  }

  private record Deadly(Spawner real) implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      System.out.println(real.start(command).pid());
      System.out.flush();
      Runtime.getRuntime().halt(137);
      throw new AssertionError("halted");
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return real.hold(command);
    }
  }

  @Test
  void itEndsWithTheLauncher() throws Exception {
    assumeTrue(Files.isExecutable(QEMU), "needs " + QEMU);
    var ended = OtherJvm.killed(Victim.class, folder.toString());
    long pid = Long.parseLong(ended.output().text().strip());
    var qemu = ProcessHandle.of(pid);
    if (qemu.isPresent()) {
      qemu.get().onExit().get(1, TimeUnit.MINUTES);
    }
  }
}
