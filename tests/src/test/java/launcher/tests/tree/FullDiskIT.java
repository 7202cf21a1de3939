package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A full disk under everything launcher writes: a clear word, nothing lost, nothing left. */
final class FullDiskIT {
  private static final String NO_ROOM = "No space left on device";

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private OwnNetwork host;
  private InstalledLauncher launcher;
  private Path root;

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount a small disk");
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    host = OwnNetwork.open(folder);
    root = Files.createDirectory(folder.resolve("root"));
    host.succeed("mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "none", root.toString());
    launcher = new InstalledLauncher(root, host.words());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    for (String name : launcher.run("list", "--name").output().split("\n")) {
      if (!name.isBlank()) {
        launcher.run("destroy", name);
      }
    }
    host.close();
  }

  private void fill() throws IOException, InterruptedException {
    // ends with an error when there is no room for more, which is what it is for
    host.begin("dd", "if=/dev/zero", "of=" + root.resolve("filler"), "bs=4k").waitFor();
  }

  private void refused(String... words) throws IOException, InterruptedException {
    InstalledLauncher.Result result = launcher.run(words);
    assertEquals(1, result.status(), String.join(" ", words) + ": " + result.output());
    assertTrue(result.error().contains(NO_ROOM), result.error());
  }

  /** All files, as the host of the small disk sees them, but for logs. */
  private String files() throws IOException, InterruptedException {
    return host.succeed(
        "find",
        root.toString(),
        "-not",
        "-path",
        "*/log/*",
        "-not",
        "-name",
        "*.log",
        "-type",
        "f");
  }

  @Test
  void aFullDiskLosesNothing() throws IOException, InterruptedException {
    Path running = HelloGuest.in(folder, "running");
    Path off = HelloGuest.in(folder, "off");
    Path later = HelloGuest.in(folder, "later");
    launcher.succeed("define", running.toString());
    launcher.succeed("define", off.toString());
    launcher.succeed("start", "running");
    launcher.succeed("start", "off");
    launcher.succeed("destroy", "off");
    final String text = Files.readString(running);
    fill();
    final String before = files();
    refused("define", later.toString());
    Path changed = folder.resolve("changed.xml");
    Files.writeString(changed, text.replace("<vcpu>1<", "<vcpu>2<"));
    refused("define", changed.toString());
    assertEquals(text, launcher.succeed("dumpxml", "--as-written", "running"));
    refused("save", "running", root.resolve("saved").toString());
    refused("managedsave", "running");
    assertEquals("running (unpaused)\n\n", launcher.succeed("domstate", "--reason", "running"));
    refused("start", "off");
    refused("domrename", "off", "other");
    assertEquals("running\noff\n\n", launcher.succeed("list", "--all", "--name"));
    assertEquals(before, files(), "nothing is lost, nothing is left");
    host.succeed("rm", root.resolve("filler").toString());
    launcher.succeed("define", later.toString());
    launcher.succeed("managedsave", "running");
    launcher.succeed("start", "running");
    launcher.succeed("start", "off");
    launcher.succeed("domrename", "later", "other");
  }
}
