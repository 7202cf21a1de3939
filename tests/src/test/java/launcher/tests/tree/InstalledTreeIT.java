package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real guest from its XML to its end, by the installed command and its daemon. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class InstalledTreeIT {
  private static final int ESCAPE = 0x1d;
  private static final String NOBODY = "65534";

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void needsQemu() {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
  }

  @AfterEach
  void endWhatRuns() throws IOException, InterruptedException {
    for (String name : launcher.run("list", "--name").output().split("\n")) {
      if (!name.isBlank()) {
        launcher.run("destroy", "--", name);
      }
    }
  }

  @Test
  void aGuestLives() throws IOException, InterruptedException {
    lives("hello");
  }

  @Test
  void aNameIsAnyText() throws IOException, InterruptedException {
    lives("() { :;}; echo vulnerable");
  }

  /** The command and its daemon are started in the locale C, see {@link InstalledLauncher}. */
  @Test
  void filesAndNamesHaveAnyLetterInAnyLocale() throws IOException, InterruptedException {
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
        "needs a locale with all letters for the test itself (LC_ALL=C.UTF-8)");
    folder = Files.createDirectory(folder.resolve("größe"));
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
    lives("Größe \u2603");
  }

  @Test
  void aGuestLivesForAPlainUser() throws IOException, InterruptedException {
    assumeTrue(
        Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
        "needs root, to become a plain user");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    launcher =
        new InstalledLauncher(
            folder.resolve("root"),
            List.of(
                "setpriv",
                "--reuid",
                NOBODY,
                "--regid",
                NOBODY,
                "--clear-groups",
                "env",
                "HOME=" + folder));
    assumeTrue(
        launcher.run("version").status() == 0, "needs a tree and a JDK that others may read");
    lives("plain");
  }

  private void lives(String name) throws IOException, InterruptedException {
    Path xml = HelloGuest.in(folder, name);
    Files.setPosixFilePermissions(
        folder.resolve("disk-" + Integer.toHexString(name.hashCode()) + ".img"),
        PosixFilePermissions.fromString("rw-rw-rw-"));
    String quoted = "'" + name + "'";
    assertEquals(
        "Domain " + quoted + " defined from " + xml + "\n\n",
        launcher.succeed("define", xml.toString()));
    assertEquals("Domain " + quoted + " started\n\n", launcher.succeed("start", name));
    assertEquals("running (booted)\n\n", launcher.succeed("domstate", "--reason", name));
    assertTrue(launcher.succeed("list").contains(name), "listed");
    greetsAndEchoes(name);
    assertEquals(
        "Domain " + quoted + " is shut off\n\n",
        launcher.succeed("shutdown", name, "--timeout", "60"));
    assertEquals("shut off\n\n", launcher.succeed("domstate", name));
    assertTrue(
        launcher.succeed("dumpxml", "--as-written", name).contains("The smallest guest"),
        "comments are kept");
    assertEquals(
        "Domain " + quoted + " has been undefined\n\n", launcher.succeed("undefine", name));
    assertEquals(3, launcher.run("dominfo", name).status());
  }

  private void greetsAndEchoes(String name) throws IOException, InterruptedException {
    Process console = launcher.begin("console", name);
    try (InputStream screen = console.getInputStream();
        OutputStream keyboard = console.getOutputStream()) {
      awaitText(screen, "GUEST-UP");
      keyboard.write("xyzzy".getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
      awaitText(screen, "xyzzy");
      keyboard.write(ESCAPE);
      keyboard.flush();
      assertTrue(console.waitFor(1, TimeUnit.MINUTES), "^] leaves the console");
      assertEquals(0, console.exitValue());
    }
  }

  private static void awaitText(InputStream screen, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = screen.read();
      assertTrue(next >= 0, "the console ended after '" + seen + "'");
      seen.append((char) next);
    }
  }

  @Test
  void severalStartAtOnceAndEachIsTold() throws IOException, InterruptedException {
    for (String name : List.of("a", "b", "c")) {
      launcher.succeed("define", HelloGuest.in(folder, name).toString());
    }
    InstalledLauncher.Result result = launcher.run("start", "a", "b", "missing", "c");
    assertEquals(3, result.status());
    assertEquals("error: there is no guest 'missing'\n", result.error());
    for (String name : List.of("a", "b", "c")) {
      assertTrue(result.output().contains("Domain '" + name + "' started\n"), result.output());
    }
  }
}
