package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakeTest {
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;

  @BeforeAll
  static void needsBusybox() {
    ProcFacts.assumeProgram("/bin/busybox");
  }

  private CommandBuilder touching(Path proof) {
    return CommandSpec.of("/bin/busybox").add("touch", proof.toString());
  }

  @Test
  void theProgramHasThePidThatWasHeld() throws Exception {
    try (HeldChild held = spawner.hold(ProcFacts.sleeper().build())) {
      ProcFacts facts = new ProcFacts(held.pid());
      assertEquals("spawn-executor", facts.status("Name"));
      try (Child child = held.go()) {
        assertEquals(held.pid(), child.pid());
        assertEquals("busybox", facts.status("Name"));
        child.stop(Duration.ZERO);
      }
    }
  }

  @Test
  void itIsFullyDressedWhenItWaits() throws Exception {
    ProcFacts.assumeRoot();
    Path pidFile = folder.resolve("pid");
    Confinement confinement =
        Confinement.NONE
            .withIdentity(new Identity(65534, 65534))
            .withCapabilities(CapabilitySets.none())
            .withNoNewPrivileges(true)
            .withLimits(List.of(new ResourceLimit(Resource.NOFILE, 100)));
    try (HeldChild held =
        spawner.hold(ProcFacts.sleeper().confinement(confinement).pidFile(pidFile).build())) {
      ProcFacts facts = new ProcFacts(held.pid());
      assertEquals("65534\t65534\t65534\t65534", facts.status("Uid"));
      assertEquals("0000000000000000", facts.status("CapBnd"));
      assertEquals("1", facts.status("NoNewPrivs"));
      assertEquals(List.of("100", "100"), facts.limit("Max open files"));
      assertEquals(held.pid() + "\n", Files.readString(pidFile));
    }
    assertFalse(Files.exists(pidFile));
  }

  @Test
  void noGoMeansItNeverRan() throws Exception {
    Path proof = folder.resolve("proof");
    HeldChild held = spawner.hold(touching(proof).build());
    held.abort();
    held.abort();
    assertFalse(Files.exists(Path.of("/proc/" + held.pid())), "reaped");
    assertFalse(Files.exists(proof));
    assertThrows(IllegalStateException.class, held::go);
  }

  @Test
  void theParentsDeathMeansItNeverRan() throws Exception {
    Path proof = folder.resolve("proof");
    Path pidFile = folder.resolve("pid");
    CommandSpec jvm =
        OtherJvm.command(OtherJvm.HoldForEver.class, pidFile.toString(), proof.toString())
            .input(new StandardInput.Piped())
            .output(new StandardOutput.Piped())
            .build();
    try (Child parent = spawner.start(jvm);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(parent.output(), StandardCharsets.UTF_8))) {
      int pid = Integer.parseInt(lines.readLine());
      var gone = ProcessHandle.of(pid).orElseThrow().onExit();
      parent.signal(Signal.KILL);
      parent.await();
      gone.get(1, TimeUnit.MINUTES);
    }
    assertFalse(Files.exists(proof));
    assertFalse(Files.exists(pidFile));
  }

  @Test
  void aDeathBeforeTheWordIsSeen() {
    try (HeldChild held = spawner.hold(touching(folder.resolve("proof")).build())) {
      ProcessHandle.of(held.pid()).orElseThrow().destroyForcibly();
      try (Child child = held.go()) {
        assertEquals(new ExitStatus.Signalled(9, false), child.await().status());
      }
      assertFalse(Files.exists(folder.resolve("proof")));
    }
  }

  @Test
  void failureOfExecveComesAfterTheWord() {
    try (HeldChild held = spawner.hold(CommandSpec.of("/no/such/program").build())) {
      SpawnException failed = assertThrows(SpawnException.class, held::go);
      assertEquals(
          "Failed at step 'execute' starting '/no/such/program': No such file or directory",
          failed.getMessage());
    }
  }
}
