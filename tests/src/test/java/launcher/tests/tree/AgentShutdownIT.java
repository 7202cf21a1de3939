package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import launcher.tests.guests.LinuxGuest;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The host's shutdown and guests with a real agent: one is asked by it to power off, the clock of
 * another is set by it when the guest has come back with its memory.
 */
final class AgentShutdownIT {
  private static final String DOMAIN =
      """
      <domain type='qemu'>
        <name>%s</name>
        <metadata><shutdown xmlns='urn:launcher:shutdown:1' %s/></metadata>
        <memory unit='MiB'>160</memory>
        <os>
          <type arch='x86_64' machine='q35'>hvm</type>
          <kernel>%s</kernel><initrd>%s</initrd><cmdline>%s</cmdline>
        </os>
        <features><acpi/></features>
        <devices>
          <serial type='unix'><source mode='bind' path='%s'/></serial>
          <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
        </devices>
      </domain>
      """;

  /** Long before anything here happens, in seconds since 1970. */
  private static final String LONG_AGO = "1000000000";

  @TempDir Path folder = Path.of("/");
  private InstalledLauncher launcher = new InstalledLauncher(folder, List.of());

  @BeforeEach
  void install() throws IOException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "asked");
    launcher.run("destroy", "saved");
  }

  private Path socket(String name) {
    return folder.resolve(name + ".sock");
  }

  private void start(String name, String policy) throws IOException, InterruptedException {
    LinuxGuest linux = LinuxGuest.make();
    String xml =
        DOMAIN.formatted(
            name,
            policy,
            linux.kernel(),
            linux.initialRamDisk(),
            LinuxGuest.COMMAND_LINE,
            socket(name));
    launcher.succeed("define", Files.writeString(folder.resolve(name + ".xml"), xml).toString());
    launcher.succeed("start", name);
  }

  @Test
  @Timeout(300)
  void oneIsAskedToPowerOffAndTheClockOfAnotherIsSet() throws IOException, InterruptedException {
    start("asked", "ladder='agent 60s, power-off 1s'");
    start("saved", "ladder='save 120s' sync-time='yes'");
    StringBuilder last = new StringBuilder();
    try (LinuxShell asked = LinuxShell.at(socket("asked"));
        LinuxShell saved = LinuxShell.at(socket("saved"))) {
      asked.until("GUEST-UP");
      saved.until("GUEST-UP");
      launcher.succeed("qemu-agent-command", "asked", "{\"execute\":\"guest-ping\"}");
      launcher.succeed("qemu-agent-command", "saved", "{\"execute\":\"guest-ping\"}");
      saved.run("touch /tmp/mark; date -s @" + LONG_AGO);
      String plan = launcher.succeed("guests", "status");
      assertTrue(plan.contains("agent 60s, power-off 1s"), plan);
      String done = launcher.succeed("guests", "suspend");
      assertTrue(done.contains("'asked': shut down"), done);
      assertTrue(done.contains("'saved': saved"), done);
      for (String line = asked.lines().readLine(); line != null; line = asked.lines().readLine()) {
        last.append(line).append('\n');
      }
    }
    assertFalse(last.toString().contains("GUEST-POWEROFF"), "its button was pressed: " + last);

    String back = launcher.succeed("guests", "resume");

    assertTrue(back.contains("'saved': resumed"), back);
    assertTrue(back.contains("'asked': started"), back);
    assertFalse(back.contains("clock was not set"), back);
    try (LinuxShell saved = LinuxShell.at(socket("saved"))) {
      String said = saved.run("test -e /tmp/mark && date +%s");
      assertTrue(said.endsWith("RC 0"), "its memory is what it was: " + said);
      long clock =
          said.lines().filter(line -> line.matches("\\d{10}")).mapToLong(Long::parseLong).sum();
      assertTrue(Math.abs(Instant.now().getEpochSecond() - clock) < 60, said);
    }
    assertEquals("running", launcher.succeed("domstate", "asked").strip());
  }
}
