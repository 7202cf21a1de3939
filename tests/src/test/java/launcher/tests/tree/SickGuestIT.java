package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A guest whose QEMU is stopped (SIGSTOP) is shown as what it is, and hurts no other. */
final class SickGuestIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
    for (String name : List.of("sick", "well", "other")) {
      launcher.succeed("define", HelloGuest.in(folder, name).toString());
    }
    launcher.succeed("start", "sick", "well");
    stop(machine("sick"));
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    launcher.run("destroy", "sick", "well", "other");
  }

  private ProcessHandle machine(String name) {
    return ProcessHandle.allProcesses()
        .filter(process -> {
          String line = Processes.commandLine(process.pid());
          return line.contains("qemu-system")
              && line.contains(folder.toString())
              && line.contains("guest=" + name + ",");
        })
        .findFirst()
        .orElseThrow();
  }

  private static void stop(ProcessHandle machine) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-STOP", Long.toString(machine.pid())).start();
    assertEquals(0, kill.waitFor());
    Path stat = Path.of("/proc/" + machine.pid() + "/stat");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    // kill(2) returns before every thread has stopped, and nobody tells when they have
    while (!Files.readString(stat).matches("(?s).*\\) [Tt] .*")) {
      assertTrue(System.nanoTime() < end, "it does not stop");
      Thread.onSpinWait();
    }
  }

  @Test
  void aStoppedMachineHurtsNobody() throws IOException, InterruptedException {
    String list = launcher.succeed("list");
    assertTrue(list.matches("(?s).*sick +running \\(not answering\\).*"), list);
    assertTrue(list.matches("(?s).*well +running\n.*"), list);
    assertEquals("running\n\n", launcher.succeed("domstate", "well"));
    String numbers = launcher.succeed("domstats");
    assertTrue(numbers.contains("Domain: 'sick'") && numbers.contains("Domain: 'well'"), numbers);
    assertTrue(numbers.contains("block.0.rd.bytes"), "the well one is asked: " + numbers);
    launcher.succeed("dominfo", "sick");
    launcher.succeed("start", "other");
    launcher.succeed("suspend", "well");
    InstalledLauncher.Result refused = launcher.run("suspend", "sick");
    assertEquals(6, refused.status());
    assertTrue(refused.error().contains("answer"), refused.error());
    // a daemon that comes anew finds it, and the others, and does not wait for it
    ProcessHandle daemon = launcher.daemons().getFirst();
    daemon.destroyForcibly();
    daemon.onExit().join();
    assertTrue(launcher.succeed("list").contains("(not answering)"));
    launcher.succeed("resume", "well");
    assertEquals("running (unpaused)\n\n", launcher.succeed("domstate", "--reason", "well"));
    launcher.succeed("destroy", "sick");
    assertEquals("shut off (destroyed)\n\n", launcher.succeed("domstate", "--reason", "sick"));
    assertFalse(launcher.succeed("list").contains("sick"));
  }

  @Test
  void whatHasStoppedIsEndedByAShutdownThatEscalates() throws IOException, InterruptedException {
    launcher.succeed("shutdown", "sick", "--timeout", "1");
    assertEquals("shut off (destroyed)\n\n", launcher.succeed("domstate", "--reason", "sick"));
  }
}
