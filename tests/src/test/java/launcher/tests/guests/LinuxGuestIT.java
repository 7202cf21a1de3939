package launcher.tests.guests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guest that other tests stand on comes up by itself, under bare QEMU. */
final class LinuxGuestIT {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-x86_64");

  @Test
  @Timeout(600)
  void comesUpAndAnswers() throws Exception {
    assumeTrue(Files.isExecutable(EMULATOR), "needs " + EMULATOR);
    LinuxGuest guest = LinuxGuest.make();
    Process qemu =
        new ProcessBuilder(
                EMULATOR.toString(),
                "-M",
                "q35",
                "-accel",
                "tcg",
                "-m",
                "192",
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-kernel",
                guest.kernel().toString(),
                "-initrd",
                guest.initialRamDisk().toString(),
                "-append",
                LinuxGuest.COMMAND_LINE)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader console =
            new BufferedReader(
                new InputStreamReader(qemu.getInputStream(), StandardCharsets.UTF_8));
        var keyboard = qemu.getOutputStream()) {
      assertTrue(
          console.lines().anyMatch(l -> l.contains("GUEST-UP")), "the guest did not come up");
      keyboard.write("ping 7\noff\n".getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
      assertTrue(console.lines().anyMatch(l -> l.contains("PONG 7")), "the guest did not answer");
    } finally {
      qemu.destroyForcibly();
    }
  }
}
