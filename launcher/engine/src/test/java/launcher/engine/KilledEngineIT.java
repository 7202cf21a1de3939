package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.spawn.Accounts;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import launcher.spawn.libc.PinnedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine that is killed at a given step of a start leaves no lease and no owner behind, or a
 * guest that the next one finds.
 */
final class KilledEngineIT {
  /** The steps at which it dies. */
  private static final List<String> STEPS =
      List.of("before the process", "at the handshake", "before the word", "after the word");

  @TempDir private Path folder;

  /** The other half: starts the guest and dies on the way. */
  static final class Victim {
    private Victim() {}

    /** Takes the root folder and the step. */
    public static void main(String[] arguments) {
      Spawner deadly = new Deadly(new RealSpawner(), arguments[1]);
      Engine engine = Engine.open(Folders.under(Path.of(arguments[0])), deadly);
      engine.guests().get("web1").start(StartOptions.DEFAULT);
    }
  }

  private record Deadly(Spawner real, String step) implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      return real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      if (command.leases().isEmpty()) {
        return real.hold(command);
      }
      return WatchedSpawner.at(real, step, () -> Runtime.getRuntime().halt(137)).hold(command);
    }
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    try (IsolatedGuests guests = new IsolatedGuests(folder)) {
      String settings = "user = libvirt-qemu\n";
      guests.reopen(settings, new RealSpawner());
      Path image = guests.copy("web1.img");
      guests.define("web1", image);
      for (String step : STEPS) {
        guests.engine().close();
        OtherJvm.killed(Victim.class, guests.root().toString(), step);
        guests.reopen(settings, new RealSpawner());
        Guest web1 = guests.engine().guests().get("web1");
        assertFalse(web1.state().active(), step + ": nobody was told that it runs");
        assertEquals(0, Files.getAttribute(image, "unix:uid"), step);
        try (PinnedFile file = PinnedFile.open(image)) {
          assertTrue(file.extended("trusted.launcher.owner").isEmpty(), step);
        }
        Guest web2 = guests.define("web2", image);
        web2.start(StartOptions.DEFAULT);
        web2.destroy(false);
        web1.start(StartOptions.DEFAULT);
        web1.destroy(false);
      }
    }
  }

  /** A JVM that starts the guest and dies at a step. */
  static CommandSpec victim(Path root, String step) {
    return OtherJvm.command(Victim.class, root.toString(), step);
  }
}
