package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RunTest {
  private final RealSpawner spawner = new RealSpawner();

  @BeforeAll
  static void needsBusybox() {
    ProcFacts.assumeProgram("/bin/busybox");
  }

  private static CommandBuilder script(String text) {
    return CommandSpec.of("/bin/busybox")
        .add("sh", "-c", text); // a shell as any other program, on purpose
  }

  @Test
  void exitStatusIsAValue() {
    assertEquals(new ExitStatus.Exited(3), spawner.run(script("exit 3").build()).status());
    assertEquals(new ExitStatus.Exited(125), spawner.run(script("exit 125").build()).status());
  }

  @Test
  void deathBySignalIsAValue() {
    ExitStatus status = spawner.run(script("kill -9 $$").build()).status();
    assertEquals(new ExitStatus.Signalled(9, false), status);
    assertEquals("killed by SIGKILL", status.toString());
  }

  @Test
  void failureQuotesTheTailOfStandardError() {
    Completed failed = spawner.run(script("echo no such bridge >&2; exit 2").capture().build());
    assertEquals(
        "'/bin/busybox' failed, exit status 2: no such bridge",
        assertThrows(SpawnException.class, failed::orThrow).getMessage());
  }

  @Test
  void megabytesBothWaysDoNotDeadlock() {
    byte[] sent = new byte[8 << 20];
    new Random(1).nextBytes(sent);
    Bytes content = Bytes.of(sent);
    Completed completed =
        spawner.run(
            script("tee /proc/self/fd/2").input(new StandardInput.Fed(content)).capture().build(),
            Duration.ofMinutes(2));
    assertTrue(completed.status().success(), completed.status().toString());
    assertEquals(content, completed.output());
    assertEquals(content, completed.error());
  }

  @Test
  void unreadInputIsNoError() {
    Bytes content = Bytes.of(new byte[1 << 20]);
    assertTrue(
        spawner
            .run(CommandSpec.of("/bin/true").input(new StandardInput.Fed(content)).build())
            .status()
            .success());
  }

  @Test
  void outputBeyondTheLimitIsDroppedAndSaid() {
    Completed completed =
        spawner.run(
            script("yes | head -c 1000000").output(new StandardOutput.Captured(1000)).build());
    assertEquals(1000, completed.output().size());
    assertTrue(completed.truncated());
    assertTrue(completed.status().success());
  }

  @Test
  void outputOfASurvivingGrandchildIsNotWaitedFor() {
    Completed completed =
        spawner.run(
            script("echo done; sleep 600 & echo $! >&2").capture().build(), Duration.ofMinutes(1));
    assertEquals("done\n", completed.text());
    ProcessHandle.of(Long.parseLong(completed.error().text().strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void deadlineEndsTheProgram() {
    SpawnException late =
        assertThrows(
            SpawnException.class,
            () ->
                spawner.run(
                    CommandSpec.of("/bin/sleep").add("600").capture().build(),
                    Duration.ofMillis(100)));
    assertEquals("'/bin/sleep' did not end within 100 ms", late.getMessage());
  }

  @Test
  void stopKillsWhatIgnoresTerm() throws Exception {
    CommandSpec deaf =
        script("trap '' TERM; echo ready; while :; do sleep 1; done")
            .output(new StandardOutput.Piped())
            .build();
    try (Child child = spawner.start(deaf)) {
      assertEquals('r', child.output().read());
      assertEquals(new ExitStatus.Signalled(9, false), child.stop(Duration.ofMillis(200)).status());
      assertFalse(child.isAlive());
      assertFalse(child.signal(Signal.TERM));
    }
  }

  @Test
  void stopLetsTheWillingEndByThemselves() {
    try (Child child = spawner.start(CommandSpec.of("/bin/sleep").add("600").build())) {
      assertEquals(new ExitStatus.Signalled(15, false), child.stop(Duration.ofMinutes(1)).status());
    }
  }

  @Test
  void pipesCarryAConversation() throws Exception {
    CommandSpec cat =
        CommandSpec.of("/bin/cat")
            .input(new StandardInput.Piped())
            .output(new StandardOutput.Piped())
            .build();
    try (Child child = spawner.start(cat);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8))) {
      child.input().write("one\n".getBytes(StandardCharsets.UTF_8));
      assertEquals("one", lines.readLine());
      child.input().write("two\n".getBytes(StandardCharsets.UTF_8));
      assertEquals("two", lines.readLine());
      child.input().close();
      assertTrue(child.await().status().success());
    }
  }

  @Test
  void exitIsAnnouncedWithWhatWasCaptured() throws Exception {
    try (Child child = spawner.start(script("echo out; echo err >&2; exit 7").capture().build())) {
      Completed completed = child.onExit().get(1, TimeUnit.MINUTES);
      assertEquals(new ExitStatus.Exited(7), completed.status());
      assertEquals("out\n", completed.text());
      assertEquals("err\n", completed.error().text());
      assertEquals(completed, child.await());
    }
  }

  @Test
  void waitingIsBounded() {
    try (Child child = spawner.start(CommandSpec.of("/bin/sleep").add("600").build())) {
      assertTrue(child.await(Duration.ofMillis(50)).isEmpty());
      assertTrue(child.isAlive());
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void childLetGoOfIsReapedAtItsEnd() throws Exception {
    Child child = spawner.start(CommandSpec.of("/bin/sleep").add("600").build());
    int pid = child.pid();
    child.close();
    ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
    var gone = handle.onExit();
    handle.destroyForcibly();
    gone.get(1, TimeUnit.MINUTES);
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (ProcFacts.ownChildren().contains(Integer.toString(pid))) {
      assertTrue(System.nanoTime() < end, "still a zombie");
      Thread.onSpinWait();
    }
  }
}
