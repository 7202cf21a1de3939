package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of a guest, a network and a container under strace(1), which sees every process
 * that is born and every program that is executed: no shell is among them.
 */
final class TraceIT {
  private static final int ESCAPE = 0x1d;
  private static final Pattern EXECUTED = Pattern.compile("execve\\(\"([^\"]*)\"");
  private static final Pattern BIRTH = Pattern.compile("\\b(v?fork\\(|clone3?\\()");
  private static final Pattern SHELL =
      Pattern.compile("(ba|da|z|k|mk|c|tc|a|pd|po)?sh|busybox|env|xargs|script|su|sudo");

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private OwnNetwork network;
  private InstalledLauncher launcher;

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "networks need root");
    for (String program :
        List.of(
            "/usr/bin/strace",
            "/usr/bin/qemu-system-x86_64",
            "/usr/sbin/dnsmasq",
            "/usr/bin/lxc-start",
            "/bin/busybox")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs " + program);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    network = OwnNetwork.open(folder);
    launcher = new InstalledLauncher(folder.resolve("root"), network.words());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "traced");
    launcher.run("destroy", "box");
    launcher.run("net-destroy", "traced");
    network.close();
  }

  @Test
  void noShellIsEverExecutedAndAStartCostsOneProcess() throws IOException, InterruptedException {
    Path trace = folder.resolve("trace");
    List<String> strace = new ArrayList<>(network.words());
    strace.addAll(
        List.of(
            "strace",
            "-f",
            "-qq",
            "-e",
            "trace=execve,execveat,clone,clone3,fork,vfork",
            "-e",
            "signal=none",
            "-o",
            trace.toString(),
            "--"));
    // strace follows the daemon that this command starts, and so everything the daemon does
    Process tracer =
        new InstalledLauncher(launcher.root(), strace)
            .begin("define", HelloGuest.in(folder, "traced").toString());
    awaitText(tracer.getInputStream(), "defined");
    guest(trace);
    network();
    container();
    tracer.destroy();
    List<String> executed = executed(trace);
    for (String program : List.of("qemu-system-x86_64", "dnsmasq", "lxc-start")) {
      assertTrue(executed.contains(program), "saw " + program + ": " + executed);
    }
    assertEquals(List.of(), executed.stream().filter(p -> SHELL.matcher(p).matches()).toList());
  }

  private void guest(Path trace) throws IOException, InterruptedException {
    // the first start asks QEMU what it can do
    launcher.succeed("start", "traced");
    launcher.succeed("destroy", "traced");
    long before = lines(trace).count();
    launcher.succeed("start", "traced");
    assertEquals(1, births(trace, before).size(), "processes of a start");
    before = lines(trace).count();
    console();
    Path file = folder.resolve("saved");
    launcher.succeed("save", "traced", file.toString());
    launcher.succeed("domstats", "traced");
    assertEquals(List.of(), births(trace, before), "a console and a save need no process");
    before = lines(trace).count();
    launcher.succeed("restore", file.toString());
    assertEquals(1, births(trace, before).size(), "processes of a restore");
    before = lines(trace).count();
    launcher.succeed("shutdown", "traced", "--timeout", "120");
    assertEquals(List.of(), births(trace, before), "a shutdown needs no process");
  }

  private void console() throws IOException, InterruptedException {
    Process console = launcher.begin("console", "traced");
    try (InputStream screen = console.getInputStream();
        OutputStream keyboard = console.getOutputStream()) {
      awaitText(screen, "GUEST-UP");
      keyboard.write(ESCAPE);
      keyboard.flush();
      assertTrue(console.waitFor(2, TimeUnit.MINUTES), "^] leaves the console");
    }
  }

  private void network() throws IOException, InterruptedException {
    Path xml =
        Files.writeString(
            folder.resolve("network.xml"),
            """
            <network>
              <name>traced</name>
              <forward mode='nat'/>
              <bridge name='traced0' stp='off'/>
              <ip address='10.78.0.1' prefix='24'>
                <dhcp><range start='10.78.0.100' end='10.78.0.199'/></dhcp>
              </ip>
            </network>
            """);
    launcher.succeed("net-define", xml.toString());
    launcher.succeed("net-start", "traced");
    launcher.succeed("net-destroy", "traced");
  }

  private void container() throws IOException, InterruptedException {
    Path root = Files.createDirectory(folder.resolve("box"));
    for (String inner : List.of("bin", "etc", "dev", "proc", "sys", "tmp", "run")) {
      Files.createDirectory(root.resolve(inner));
    }
    // under the name that tells busybox what to be
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/sleep"));
    Files.setPosixFilePermissions(
        root.resolve("bin/sleep"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path xml =
        Files.writeString(
            folder.resolve("box.xml"),
            """
            <domain type='lxc'>
              <name>box</name>
              <memory unit='MiB'>64</memory>
              <os><type>exe</type><init>/bin/sleep</init><initarg>3600</initarg></os>
              <features><privnet/></features>
              <devices>
                <filesystem type='mount'><source dir='%s'/><target dir='/'/></filesystem>
                <console type='pty'/>
              </devices>
            </domain>
            """
                .formatted(root));
    launcher.succeed("define", xml.toString());
    launcher.succeed("start", "box");
    assertTrue(launcher.succeed("domstate", "box").startsWith("running"));
    launcher.succeed("destroy", "box");
  }

  private static void awaitText(InputStream screen, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = screen.read();
      assertTrue(next >= 0, "it ended after '" + seen + "'");
      seen.append((char) next);
    }
  }

  private static List<String> births(Path trace, long before) throws IOException {
    return lines(trace)
        .skip(before)
        .filter(line ->
            BIRTH.matcher(line).find()
                && !line.contains("CLONE_THREAD")
                && !line.contains("resumed"))
        .toList();
  }

  private static List<String> executed(Path trace) throws IOException {
    List<String> programs = new ArrayList<>();
    for (String line : lines(trace).toList()) {
      Matcher matcher = EXECUTED.matcher(line);
      if (matcher.find()) {
        programs.add(Path.of(matcher.group(1)).getFileName().toString());
      }
    }
    assertFalse(programs.isEmpty());
    return programs;
  }

  private static Stream<String> lines(Path trace) throws IOException {
    return Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream();
  }
}
