package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;

  @Test
  void leadsItsOwnSessionInTheRootFolder() throws Exception {
    try (Child child = spawner.start(ProcFacts.sleeper().daemon().build())) {
      ProcFacts facts = new ProcFacts(child.pid());
      String pid = Integer.toString(child.pid());
      assertEquals(pid, facts.stat(5));
      assertEquals(pid, facts.stat(6));
      assertEquals(Path.of("/"), facts.link("cwd"));
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void otherProgramsStayInTheCallersSession() throws Exception {
    try (Child child = spawner.start(ProcFacts.sleeper().build())) {
      assertNotEquals(Integer.toString(child.pid()), new ProcFacts(child.pid()).stat(6));
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void pidFileIsLockedAndCorrectAndASecondStartIsRefused() throws Exception {
    Path pidFile = folder.resolve("daemon.pid");
    CommandSpec command = ProcFacts.sleeper().daemon().pidFile(pidFile).build();
    try (Child first = spawner.start(command)) {
      assertEquals(first.pid() + "\n", Files.readString(pidFile));
      SpawnException refused = assertThrows(SpawnException.class, () -> spawner.start(command));
      assertEquals(
          "Failed at step 'pid file' of '"
              + pidFile
              + "' starting '/bin/busybox': It is held by process "
              + first.pid(),
          refused.getMessage());
      assertEquals(Errno.EAGAIN, refused.errno());
      assertEquals(first.pid() + "\n", Files.readString(pidFile), "the refused one left it alone");
      first.stop(Duration.ZERO);
    }
    try (Child second = spawner.start(command)) {
      assertEquals(
          second.pid() + "\n", Files.readString(pidFile), "a dead holder's file is taken over");
      second.stop(Duration.ZERO);
    }
  }

  @Test
  void nothingIsLeftOfALongerPidFile() throws Exception {
    Path pidFile = Files.writeString(folder.resolve("long.pid"), "1234567890\nand more\n");
    try (Child child = spawner.start(ProcFacts.sleeper().daemon().pidFile(pidFile).build())) {
      assertEquals(child.pid() + "\n", Files.readString(pidFile));
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void aSymbolicLinkAsPidFileIsRefused() throws Exception {
    Path target = Files.writeString(folder.resolve("precious"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("link.pid"), target);
    SpawnException refused =
        assertThrows(
            SpawnException.class, () -> spawner.start(ProcFacts.sleeper().pidFile(link).build()));
    assertEquals(SpawnStep.PID_FILE, refused.step());
    assertEquals("precious", Files.readString(target));
  }

  @Test
  void survivesItsParent() throws Exception {
    Path pidFile = folder.resolve("survivor.pid");
    Completed jvm =
        spawner.run(
            OtherJvm.command(OtherJvm.StartDaemon.class, pidFile.toString()).capture().build());
    int pid = Integer.parseInt(jvm.orThrow().text().strip());
    ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
    assertTrue(daemon.isAlive());
    assertEquals(pid + "\n", Files.readString(pidFile));
    var gone = daemon.onExit();
    daemon.destroyForcibly();
    gone.get(1, TimeUnit.MINUTES);
  }

  @Test
  void aDaemonCannotBeCaptured() {
    CommandBuilder command = ProcFacts.sleeper().daemon().capture();
    assertThrows(IllegalArgumentException.class, command::build);
  }

  @Test
  void leaseIsHeldByTheProgramAndNamesItsHolder() throws Exception {
    Path lease = folder.resolve("disk.lease");
    CommandSpec web1 =
        ProcFacts.sleeper().lease(new LeaseFile(lease, false, "guest web 1")).build();
    CommandSpec web2 = ProcFacts.sleeper().lease(new LeaseFile(lease, false, "web2")).build();
    try (Child first = spawner.start(web1)) {
      assertEquals("guest web 1 " + first.pid() + "\n", Files.readString(lease));
      SpawnException refused = assertThrows(SpawnException.class, () -> spawner.start(web2));
      assertEquals(
          "Failed at step 'lease' of '"
              + lease
              + "' starting '/bin/busybox': It is held by 'guest web 1' (pid "
              + first.pid()
              + ")",
          refused.getMessage());
      first.stop(Duration.ZERO);
    }
    try (Child second = spawner.start(web2)) {
      second.stop(Duration.ZERO);
    }
  }

  @Test
  void sharedLeasesKeepOutOnlyExclusiveOnes() throws Exception {
    Path lease = folder.resolve("shared.lease");
    LeaseFile shared = new LeaseFile(lease, true, "reader");
    try (Child first = spawner.start(ProcFacts.sleeper().lease(shared).build());
        Child second = spawner.start(ProcFacts.sleeper().lease(shared).build())) {
      CommandSpec exclusive =
          ProcFacts.sleeper().lease(new LeaseFile(lease, false, "writer")).build();
      assertThrows(SpawnException.class, () -> spawner.start(exclusive));
      first.stop(Duration.ZERO);
      assertThrows(SpawnException.class, () -> spawner.start(exclusive));
      second.stop(Duration.ZERO);
      try (Child third = spawner.start(exclusive)) {
        third.stop(Duration.ZERO);
      }
    }
  }

  @Test
  void oneOfFiftyRacersGetsTheLease() throws Exception {
    Path lease = folder.resolve("race.lease");
    List<Child> winners = Collections.synchronizedList(new ArrayList<>());
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int racer = 0; racer < 50; racer++) {
        CommandSpec command =
            ProcFacts.sleeper().lease(new LeaseFile(lease, false, "racer " + racer)).build();
        threads.execute(() -> startOrLose(command, winners));
      }
    }
    assertEquals(1, winners.size());
    assertTrue(Files.readString(lease).endsWith(" " + winners.getFirst().pid() + "\n"));
    winners.getFirst().stop(Duration.ZERO);
    winners.getFirst().close();
    assertFalse(winners.getFirst().isAlive());
  }

  private void startOrLose(CommandSpec command, List<Child> winners) {
    try {
      winners.add(spawner.start(command));
    } catch (SpawnException lost) {
      assertEquals(SpawnStep.LEASE, lost.step());
    }
  }
}
