package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import launcher.spawn.Accounts;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs beside a guest are killed at every step of its start and while it runs: a start that
 * fails names the one that died, nothing is left, and the next start works.
 */
final class KilledHelpersIT {
  private static final List<String> MOMENTS =
      List.of("at once", "at the handshake", "before the word", "after the word");

  @TempDir private Path folder;

  @BeforeEach
  void look() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    for (String program : List.of("/usr/bin/swtpm", "/usr/bin/swtpm_setup", "/usr/bin/passt")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs " + program);
    }
  }

  /** Kills a program of that name at a moment of the start. */
  private record Killing(Spawner real, Path root, String program, String moment)
      implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      return moment.equals("at once") && command.program().endsWith(program)
          ? WatchedSpawner.stillborn(real, command)
          : real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return WatchedSpawner.at(real, moment, () -> kill(root, program)).hold(command);
    }
  }

  /** All of that name that serve a guest of this test. */
  private static void kill(Path root, String program) {
    for (ProcessHandle process : helpers(root, program)) {
      process.destroyForcibly();
      process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }
  }

  private static List<ProcessHandle> helpers(Path root, String program) {
    try (Stream<Path> files = Files.walk(root.resolve("run/helpers"))) {
      return files
          .filter(Files::isRegularFile)
          .map(KilledHelpersIT::process)
          .flatMap(Optional::stream)
          .filter(process -> process.info().command().orElse("").contains(program))
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  private static Optional<ProcessHandle> process(Path pidFile) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
    } catch (IOException | NumberFormatException gone) {
      return Optional.empty();
    }
  }

  private static String devices(String program, Path shared) {
    return switch (program) {
      case "swtpm", "swtpm_setup" ->
          "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";
      case "virtiofsd" ->
          "<filesystem type='mount'><driver type='virtiofs'/><source dir='"
              + shared
              + "'/><target dir='share'/></filesystem>";
      default -> "<interface type='user'><backend type='passt'/><model type='virtio'/></interface>";
    };
  }

  private static Guest define(IsolatedGuests guests, String program, Path shared) {
    String xml =
        "<domain type='qemu'><name>helped</name><memory unit='MiB'>16</memory><memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
            + devices(program, shared)
            + "<video><model type='none'/></video></devices></domain>";
    return guests.engine().guests().define(xml, DefineOptions.STRICT).guest();
  }

  @Test
  void whoeverIsKilledAtWhicheverMoment() throws IOException {
    try (IsolatedGuests guests = new IsolatedGuests(folder)) {
      Path shared = Files.createDirectory(guests.root().resolve("shared"));
      for (String program : List.of("swtpm_setup", "swtpm", "virtiofsd", "passt")) {
        for (String moment : MOMENTS) {
          if (program.equals("swtpm_setup") && !moment.equals("at once")) {
            continue; // has ended by then
          }
          guests.reopen(
              "user = libvirt-qemu\n",
              new Killing(new RealSpawner(), guests.root(), program, moment));
          Guest guest = define(guests, program, shared);
          String said = IsolatedGuests.refusal(guest);
          assertTrue(
              said.startsWith(reason(program, moment)), program + " " + moment + ": " + said);
          Leftovers.assertNone(guests.root(), guest, program + " " + moment);
          guests.reopen("user = libvirt-qemu\n", new RealSpawner());
          Guest again = guests.engine().guests().get("helped");
          again.start(StartOptions.DEFAULT);
          kill(guests.root(), program);
          assertTrue(again.state().active(), "QEMU goes on without " + program);
          again.destroy(false);
          Leftovers.assertNone(guests.root(), again, program + " while it ran");
          again.undefine(UndefineOptions.DEFINITION);
        }
      }
    }
  }

  private static String reason(String program, String moment) {
    boolean runs = !program.equals("swtpm_setup");
    if (runs && !(program.equals("passt") && moment.equals("at once"))) {
      return "Failed at step 'check helper' of '%s' starting 'helped': it has ended since it was started"
          .formatted(program);
    }
    return "Failed at step '%s' of '%s' starting 'helped': %s failed, killed by SIGKILL"
        .formatted(runs ? "start helper" : "run helper", program, program);
  }
}
