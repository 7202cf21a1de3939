package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The executor of the other architecture, by an emulator of its instructions: its system calls are
 * the kernel's own.
 */
class Aarch64Test {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-aarch64");
  private static final Path EXECUTOR =
      Path.of(System.getProperty(ExecutorFile.PROPERTY)).resolveSibling("aarch64/spawn-executor");
  @TempDir Path folder;
  private RealSpawner spawner;

  @BeforeEach
  void emulated() {
    assumeTrue(Files.isExecutable(EMULATOR), "needs " + EMULATOR);
    assumeTrue(Files.isExecutable(EXECUTOR), "needs an executor built by aarch64-linux-gnu-gcc");
    spawner = new RealSpawner(new PosixSpawn(List.of(EMULATOR, EXECUTOR)), Duration.ofMinutes(1));
  }

  @Test
  void runsAProgram() {
    assertEquals(
        "a b|c",
        spawner
            .run(CommandSpec.of("/usr/bin/printf").add("%s|%s", "a b", "c").capture().build())
            .orThrow()
            .text());
  }

  @Test
  void dressesIt() throws Exception {
    ProcFacts.assumeRoot();
    Path pidFile = folder.resolve("pid");
    Confinement confinement =
        Confinement.NONE
            .withIdentity(new Identity(1234, 2345, List.of(7L)))
            .withCapabilities(CapabilitySets.none())
            .withNoNewPrivileges(true)
            .withLimits(List.of(new ResourceLimit(Resource.CORE, 0)));
    CommandSpec command =
        ProcFacts.sleeper().daemon().umask(0).pidFile(pidFile).confinement(confinement).build();
    try (HeldChild held = spawner.hold(command);
        Child child = held.go()) {
      ProcFacts facts = new ProcFacts(child.pid());
      assertEquals("1234\t1234\t1234\t1234", facts.status("Uid"));
      assertEquals("7", facts.status("Groups"));
      assertEquals("0000000000000000", facts.status("CapBnd"));
      assertEquals("1", facts.status("NoNewPrivs"));
      assertEquals("0000", facts.status("Umask"));
      assertEquals(child.pid() + "\n", Files.readString(pidFile));
      SpawnException refused = assertThrows(SpawnException.class, () -> spawner.start(command));
      assertEquals(SpawnStep.PID_FILE, refused.step());
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void reportsTheStep() {
    CommandSpec command = ProcFacts.sleeper().workingDirectory(Path.of("/no/folder")).build();
    assertEquals(
        "Failed at step 'change directory' of '/no/folder' starting '/bin/busybox': No such file or directory",
        assertThrows(SpawnException.class, () -> spawner.start(command)).getMessage());
  }
}
