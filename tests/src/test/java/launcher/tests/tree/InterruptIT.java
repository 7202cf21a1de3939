package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ^C gives long work up; a command that is killed leaves it to itself, as virsh does. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class InterruptIT {
  private static final int INTERRUPTED = 130;
  private static final long PATIENCE_SECONDS = 120;

  /** QEMU looks at each page of it when it saves: that takes a second or two, and no memory. */
  private static final int GIB = 6;

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());
  private Path saves;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    // whoever runs the tests in the background has the signals ignored, and so would the command
    launcher =
        new InstalledLauncher(
            folder.resolve("root"), List.of("env", "--default-signal=INT,HUP,TERM"));
    saves = Files.createDirectory(folder.resolve("saves"));
    for (String name : List.of("one", "two")) {
      Path file = HelloGuest.in(folder, name);
      String xml =
          Files.readString(file)
              .replaceAll("<memory[^>]*>[^<]*</memory>", "<memory unit='GiB'>" + GIB + "</memory>");
      Files.writeString(file, xml);
      launcher.succeed("define", file.toString());
    }
    launcher.succeed("start", "one", "two");
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    launcher.run("destroy", "one", "two");
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  /** Waits until something is being written into a folder. */
  private void awaitFile(Path in) throws IOException, InterruptedException {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      in.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      try (Stream<Path> there = Files.list(in)) {
        if (there.findAny().isPresent()) {
          return;
        }
      }
      WatchKey key = watch.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(key != null, "nothing is written into " + in);
    }
  }

  /** Interrupts it and expects it to say so. */
  private String interrupted(Process process) throws IOException, InterruptedException {
    signal(process, "INT");
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
    assertEquals(INTERRUPTED, process.exitValue(), error);
    return error;
  }

  private void bothRun() throws IOException, InterruptedException {
    assertEquals("running\n\n", launcher.succeed("domstate", "one"));
    assertEquals("running\n\n", launcher.succeed("domstate", "two"));
  }

  private void nothingIn(Path in) throws IOException {
    try (Stream<Path> left = Files.list(in)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--bypass-cache"})
  void aSaveIsGivenUp(String option) throws IOException, InterruptedException {
    String file = saves.resolve("one.save").toString();
    Process save =
        option.isEmpty()
            ? launcher.begin("save", "one", file)
            : launcher.begin("save", "one", file, option);
    awaitFile(saves);
    String error = interrupted(save);
    assertTrue(
        error.endsWith("error: 'save' of guest 'one' was cancelled: the guest goes on\n"), error);
    bothRun();
    nothingIn(saves);
    // and it is as able as before
    launcher.succeed("save", "one", file);
    launcher.succeed("restore", file);
    bothRun();
  }

  @Test
  void managedSavesAreGivenUp() throws IOException, InterruptedException {
    Path saved = launcher.root().resolve("lib/saved");
    Files.createDirectories(saved);
    Process save = launcher.begin("managedsave", "one", "two");
    awaitFile(saved);
    String error = interrupted(save);
    assertTrue(error.contains("'save' of guest 'one' was cancelled"), error);
    bothRun();
    assertFalse(launcher.succeed("list", "--all", "--with-managed-save").contains("one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP", "KILL"})
  void aKilledCommandLeavesTheSaveToItself(String signal) throws IOException, InterruptedException {
    Path file = saves.resolve("one.save");
    Process save = launcher.begin("save", "one", file.toString());
    awaitFile(saves);
    signal(save, signal);
    assertTrue(save.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
    launcher.succeed("await", "one", "--timeout", Long.toString(PATIENCE_SECONDS));
    assertEquals("shut off (saved)\n\n", launcher.succeed("domstate", "--reason", "one"));
    assertTrue(Files.exists(file), "saved");
  }

  @Test
  void aShutdownThatWasGivenUpPowersNothingOff() throws IOException, InterruptedException {
    // paused by QEMU at its power-off: it is not gone, however long one waits
    launcher.succeed("set-lifecycle-action", "one", "poweroff", "preserve", "--live");
    Process shutdown = launcher.begin("shutdown", "one", "--timeout", "3600");
    launcher.succeed("await", "one", "--state", "paused", "--timeout", "60");
    String error = interrupted(shutdown);
    assertTrue(error.contains("is not powered off"), error);
    assertTrue(launcher.succeed("list").contains("one"));
  }

  @Test
  void aCopyThatIsWaitedForIsAborted() throws IOException, InterruptedException {
    String disk =
        launcher.succeed("domblklist", "one").lines().skip(2).findFirst().orElseThrow().strip();
    String target = disk.split(" +")[0];
    Path copy = saves.resolve("copy.img");
    Process work =
        launcher.begin(
            "blockcopy",
            "one",
            target,
            copy.toString(),
            "--wait",
            "--bytes",
            "--bandwidth",
            "1024");
    awaitFile(saves);
    String error = interrupted(work);
    assertTrue(error.contains("aborted"), error);
    assertEquals(
        "No current block job for " + target + "\n\n", launcher.succeed("blockjob", "one", target));
    bothRun();
  }
}
