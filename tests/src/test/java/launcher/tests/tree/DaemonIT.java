package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The installed daemon: who may do what, how it is started, and when it leaves. */
final class DaemonIT {
  /** A user and a group that no process has, and a group that every system has (group(5)). */
  private static final String STRANGER = "54321";

  private static final String MANAGERS = "daemon";
  private static final String MANAGERS_ID = "1";
  private static final int PATIENCE_MILLIS = 120_000;

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private final List<Process> begun = new ArrayList<>();
  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void prepare() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : begun) {
      process.destroyForcibly().waitFor();
    }
  }

  private InstalledLauncher as(String... groups) {
    return new InstalledLauncher(
        launcher.root(),
        List.of(
            "setpriv",
            "--reuid",
            STRANGER,
            "--regid",
            STRANGER,
            groups.length == 0 ? "--clear-groups" : "--groups=" + String.join(",", groups),
            "env",
            "HOME=" + folder));
  }

  private Process daemon(Map<String, String> environment, List<String> words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    begun.add(process);
    return process;
  }

  private Path log() {
    return folder.resolve("daemon.log");
  }

  private String program() {
    return InstalledLauncher.tree().resolve("libexec/launcherd").toString();
  }

  /** Starts a daemon and waits for its word that it serves. */
  private Process served(String... options) throws IOException {
    Path notify = folder.resolve("notify");
    List<String> words = new ArrayList<>(List.of(program(), "--root", launcher.root().toString()));
    words.addAll(List.of(options));
    try (UnixDatagramChannel manager = bound(notify)) {
      Process process = daemon(Map.of("NOTIFY_SOCKET", notify.toString()), words);
      assertTrue(receive(manager).startsWith("READY=1\n"));
      return process;
    } finally {
      Files.delete(notify);
    }
  }

  private static UnixDatagramChannel bound(Path path) throws IOException {
    UnixDatagramChannel channel = UnixDatagramChannel.open();
    channel.bind(new UnixSocketAddress(path.toFile()));
    channel.setOption(UnixSocketOptions.SO_RCVTIMEO, PATIENCE_MILLIS);
    return channel;
  }

  private static String receive(UnixDatagramChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1000);
    channel.receive(bytes);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to become other users");
  }

  private void settings(String text) throws IOException {
    Files.createDirectories(launcher.root().resolve("etc"));
    Files.writeString(launcher.root().resolve("etc/daemon.conf"), text);
  }

  @Test
  void strangersAreRefusedAndThatIsLogged() throws IOException, InterruptedException {
    needsRoot();
    served();
    InstalledLauncher.Result refused = as().run("list", "--all");
    assertEquals(4, refused.status(), refused.error());
    assertEquals(
        "error: 'list' is refused: uid 54321 is not in the group 'launcher'\n", refused.error());
    String logged = Files.readString(log());
    assertTrue(
        logged.matches(
            "(?s).*WARNING: refused 'list' to pid [0-9]+ of uid 54321: uid 54321 is not in the"
                + " group 'launcher'\n.*"),
        logged);
  }

  @Test
  void othersMayLookWhereThatIsAllowedAndSeeNoPassword() throws IOException, InterruptedException {
    needsRoot();
    settings("# who may look\nothers-may-read = yes\n");
    served();
    Path xml = HelloGuest.in(folder, "seen");
    Files.writeString(
        xml,
        Files.readString(xml)
            .replace("<serial", "<graphics type='vnc' passwd='sesame'/>\n    <serial"));
    launcher.succeed("define", xml.toString());
    assertTrue(as().succeed("list", "--all").contains("seen"));
    launcher.succeed("start", "seen");
    try {
      launcher.succeed("snapshot-create-as", "seen", "one", "--disk-only", "--diskspec", "vda");
      strangerLooks();
      assertTrue(launcher.succeed("dumpxml", "--security-info", "seen").contains("sesame"));
      assertTrue(launcher.succeed("list", "--all").contains("seen"), "nothing was undefined");
    } finally {
      launcher.succeed("destroy", "seen");
    }
  }

  private void strangerLooks() throws IOException, InterruptedException {
    for (List<String> words :
        List.of(
            List.of("dumpxml", "seen"),
            List.of("dumpxml", "--inactive", "seen"),
            List.of("snapshot-dumpxml", "seen", "one"),
            List.of("snapshot-current", "seen"))) {
      String shown = as().succeed(words.toArray(String[]::new));
      assertTrue(shown.contains("<graphics") && !shown.contains("sesame"), shown);
    }
    for (List<String> words :
        List.of(
            List.of("start", "seen"),
            List.of("undefine", "seen"),
            List.of("console", "seen"),
            List.of("dumpxml", "--security-info", "seen"),
            List.of("snapshot-dumpxml", "--security-info", "seen", "one"),
            List.of("dumpxml", "--as-written", "seen"))) {
      InstalledLauncher.Result refused = as().run(words.toArray(String[]::new));
      assertEquals(4, refused.status(), words + ": " + refused.error());
    }
  }

  @Test
  void whoMayOnlyLookCannotHaveTheDaemonRunAProgram() throws IOException, InterruptedException {
    needsRoot();
    settings("others-may-read = yes\n");
    served();
    Path mark = folder.resolve("was-run");
    Path program = folder.resolve("emulator");
    // sed(1) makes the file of its command w, whatever options of QEMU follow
    Files.writeString(program, "#!/usr/bin/env -S POSIXLY_CORRECT=1 sed -n w" + mark + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    InstalledLauncher.Result refused =
        as().run("domcapabilities", "--emulatorbin", program.toString());
    assertEquals(
        "error: 'domcapabilities of an emulator that is named' is refused: uid 54321 is not in the"
            + " group 'launcher'\n",
        refused.error());
    assertFalse(Files.exists(mark), "the program was run");
    launcher.run("domcapabilities", "--emulatorbin", program.toString());
    assertTrue(Files.exists(mark), "it would have been run");
  }

  @Test
  void membersOfTheGroupManage() throws IOException, InterruptedException {
    needsRoot();
    settings("group = " + MANAGERS + "\n");
    served();
    Path xml = HelloGuest.in(folder, "ours");
    as(MANAGERS_ID).succeed("define", xml.toString());
    as("2", MANAGERS_ID).succeed("undefine", "ours");
    assertEquals(4, as("2").run("list").status());
  }

  @Test
  void whoStartsItWithAnUmaskOfHisOwnShutsNobodyOut() throws IOException, InterruptedException {
    needsRoot();
    List<String> before =
        List.of(InstalledLauncher.program().toString(), "spawn", "--umask", "077", "--");
    try {
      new InstalledLauncher(launcher.root(), before).succeed("list", "--all");
      assertEquals(
          "error: 'list' is refused: uid 54321 is not in the group 'launcher'\n",
          as().run("list", "--all").error());
    } finally {
      launcher.daemons().forEach(ProcessHandle::destroy);
    }
  }

  @Test
  void aMistakeInTheSettingsIsToldWithItsLine() throws IOException, InterruptedException {
    settings("group = daemon\nothers-may-read = maybe\n");
    Process process = daemon(Map.of(), List.of(program(), "--root", launcher.root().toString()));
    assertTrue(process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    assertEquals(1, process.exitValue());
    String logged = Files.readString(log());
    assertTrue(
        logged.contains(
            launcher.root()
                + "/etc/daemon.conf:2: expected 'group = NAME' or 'others-may-read = yes|no'"),
        logged);
  }

  @Test
  void theServiceManagersSocketIsServedAndStays() throws IOException, InterruptedException {
    String activate = "/usr/bin/systemd-socket-activate";
    assumeTrue(Files.isExecutable(Path.of(activate)), "needs " + activate + " (systemd)");
    Path socket = launcher.root().resolve("run/launcher.sock");
    Files.createDirectories(socket.getParent());
    Path notify = folder.resolve("notify");
    try (UnixDatagramChannel manager = bound(notify)) {
      Process process =
          daemon(
              Map.of("NOTIFY_SOCKET", notify.toString()),
              List.of(
                  activate,
                  "--listen=" + socket,
                  "--setenv=NOTIFY_SOCKET=" + notify,
                  program(),
                  "--root",
                  launcher.root().toString()));
      awaitFile(socket, process);
      // the daemon is started by the command that asks, and answers it
      launcher.succeed("list", "--all");
      assertEquals("READY=1\nSTATUS=serving\n", receive(manager));
      process.destroy();
      assertEquals("STOPPING=1\n", receive(manager));
      assertTrue(process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      assertEquals(143, process.exitValue(), "SIGTERM is a good end, see launcher.service");
    }
    assertTrue(Files.exists(socket), "the socket is systemd's");
  }

  // nobody tells when systemd-socket-activate listens: its file is what there is to see
  private static void awaitFile(Path file, Process process)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!Files.exists(file)) {
      assertTrue(System.nanoTime() < end, "no " + file);
      assertFalse(process.waitFor(10, TimeUnit.MILLISECONDS), "it has ended");
    }
  }

  @Test
  void theUnitsAreRight() throws IOException, InterruptedException {
    Path verify = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(verify), "needs " + verify + " (systemd)");
    List<String> words = new ArrayList<>(List.of(verify.toString(), "--man=no", "verify"));
    for (String unit : List.of("launcher.service", "launcher.socket", "launcher-guests.service")) {
      words.add(InstalledLauncher.tree().resolve("share/systemd").resolve(unit).toString());
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertFalse(said.contains("launcher"), said);
  }

  @Test
  void aSecondDaemonSaysThatItWaits() throws IOException, InterruptedException {
    Process first = served();
    Process second =
        new ProcessBuilder(program(), "--root", launcher.root().toString())
            .redirectErrorStream(true)
            .start();
    begun.add(second);
    BufferedReader said = second.inputReader();
    assertTimeoutPreemptively(
        Duration.ofMillis(PATIENCE_MILLIS),
        () -> {
          String line = said.readLine();
          while (!String.valueOf(line).contains("this one waits until it has left")) {
            assertNotNull(line, "it ended");
            line = said.readLine();
          }
        });
    launcher.succeed("list", "--all");
    assertTrue(first.isAlive(), "the first goes on serving");
  }

  @Test
  void twoCommandsAtOnceStartOneDaemonWhichLeavesWhenNobodyNeedsIt()
      throws IOException, InterruptedException {
    List<Process> commands = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      commands.add(launcher.begin("list", "--all"));
    }
    for (Process command : commands) {
      assertTrue(command.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      assertEquals(0, command.exitValue());
    }
    List<ProcessHandle> daemons = launcher.daemons();
    assertEquals(1, daemons.size(), "daemons of one root");
    assertTrue(daemons.getFirst().destroy());
    daemons.getFirst().onExit().join();
    Process idle = served("--idle", "1");
    assertTrue(idle.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS), "it does not leave");
    assertEquals(0, idle.exitValue());
    assertFalse(Files.exists(launcher.root().resolve("run/launcher.sock")), "its socket is gone");
    launcher.succeed("list", "--all");
    launcher.daemons().forEach(ProcessHandle::destroy);
  }
}
