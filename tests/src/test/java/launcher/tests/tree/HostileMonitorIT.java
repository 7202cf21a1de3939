package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A QEMU that has been taken over says what it likes: the daemon lives, and so do the others. */
final class HostileMonitorIT {
  private static final int MIB = 1 << 20;
  private static final long PATIENCE_SECONDS = 120;

  /** The JVM's own 64 MiB of heap and all else it has; far below what the attacks say. */
  private static final long MOST_MEMORY_KIB = 220L << 10;

  /** What it says, each without end or as often as it is taken. */
  enum Attack {
    HANGS_UP(d -> {}),
    GARBAGE(d -> HostileMonitor.say(d, "\u0000\u0001}{][,,\"\n".repeat(1000))),
    NO_LINE_END(d -> often(d, 200, "x".repeat(MIB))),
    ONE_LARGE_TEXT(d -> {
      HostileMonitor.say(d, "{\"event\":\"RESET\",\"data\":{\"reason\":\"");
      often(d, 100, "y".repeat(MIB));
      HostileMonitor.say(d, "\"}}\n");
    }),
    MANY_LARGE_TEXTS(d ->
        often(d, 200, "{\"event\":\"RESET\",\"data\":{\"reason\":\"" + "z".repeat(MIB) + "\"}}\n")),
    MANY_SMALL_VALUES(d -> {
      HostileMonitor.say(d, "{\"event\":\"RESET\",\"data\":{\"reason\":[0");
      often(d, 100, ",{}".repeat(MIB / 3));
      HostileMonitor.say(d, "]}}\n");
    }),
    DEEP(d -> {
      HostileMonitor.say(d, "{\"event\":");
      often(d, 3, "{\"a\":[".repeat(MIB / 6));
      HostileMonitor.say(d, "\n");
    }),
    FLOOD(d ->
        often(
            d,
            300_000,
            """
            {"event":"BLOCK_IO_ERROR","data":{"device":"d","reason":"r"}}
            {"event":"RESET","data":{}}
            {"event":"BALLOON_CHANGE","data":{}}
            """)),
    FLOOD_THAT_ASKS_FOR_WORK(d ->
        often(
            d,
            200_000,
            """
            {"event":"GUEST_PANICKED","data":{}}
            {"event":"WATCHDOG","data":{}}
            {"event":"SHUTDOWN","data":{"reason":"guest-shutdown"}}
            """));

    @SuppressWarnings("ImmutableEnumChecker") // a lambda that holds nothing
    private final HostileMonitor.Turn turn;

    Attack(HostileMonitor.Turn turn) {
      this.turn = turn;
    }

    private static void often(SocketChannel daemon, int times, String text) throws IOException {
      for (int i = 0; i < times; i++) {
        HostileMonitor.say(daemon, text);
      }
    }
  }

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
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    launcher.run("destroy", "sick", "well", "other");
    launcher.daemons().forEach(ProcessHandle::destroyForcibly);
  }

  /** Most memory that a process has had, in KiB (proc_pid_status(5)). */
  private static long mostMemory(long pid) throws IOException {
    return Long.parseLong(Processes.status(pid, "VmHWM").replace(" kB", ""));
  }

  private Path monitor() throws IOException, InterruptedException {
    Path guest =
        launcher.root().resolve("run/guests").resolve(launcher.succeed("domuuid", "sick").strip());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(guest, "*monitor*")) {
      return files.iterator().next();
    }
  }

  @ParameterizedTest
  @EnumSource(Attack.class)
  void whateverItSaysHurtsNobody(Attack attack) throws IOException, InterruptedException {
    Path socket = monitor();
    ProcessHandle first = launcher.daemons().getFirst();
    first.destroyForcibly();
    first.onExit().join();
    try (HostileMonitor hostile = HostileMonitor.at(socket, attack.turn)) {
      launcher.succeed("list");
      long daemon = launcher.daemons().getFirst().pid();
      launcher.succeed("start", "other");
      String numbers = launcher.succeed("domstats");
      assertTrue(numbers.contains("Domain: 'sick'"), numbers);
      assertTrue(numbers.contains("block.0.rd.bytes"), "the well one is asked: " + numbers);
      launcher.succeed("suspend", "well");
      assertTrue(hostile.awaitTurn(PATIENCE_SECONDS), "it has said all or was hung up on");
      launcher.succeed("resume", "well");
      assertEquals(daemon, launcher.daemons().getFirst().pid(), "the same daemon lives");
      long memory = mostMemory(daemon);
      System.out.println(attack + ": the daemon had " + (memory >> 10) + " MiB at most");
      assertTrue(memory < MOST_MEMORY_KIB, memory + " KiB");
      launcher.succeed("destroy", "sick");
      assertEquals("shut off\n\n", launcher.succeed("domstate", "sick"));
      launcher.succeed("start", "sick");
      assertEquals("running\n\n", launcher.succeed("domstate", "sick"));
    }
  }
}
