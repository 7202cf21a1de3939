package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks by the installed command, whose daemon lives in a network namespace of its own: a guest
 * boots from the network, so that its tap, DHCP and TFTP all have to work.
 */
final class NetworkTreeIT {
  private static final int BOOT_SECONDS = 180;
  private static final int SECTOR_BYTES = 512;

  @TempDir Path folder = Path.of("/");
  private final String namespace = "launcher-it-" + ProcessHandle.current().pid();
  private InstalledLauncher launcher = new InstalledLauncher(folder, List.of());

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "networks need root");
    for (String program :
        List.of("/usr/sbin/dnsmasq", "/usr/sbin/nft", "/usr/bin/qemu-system-x86_64")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs the program " + program);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    ip("netns", "add", namespace);
    ip("-n", namespace, "link", "set", "lo", "up");
    launcher =
        new InstalledLauncher(folder.resolve("root"), List.of("ip", "netns", "exec", namespace));
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "booter");
    launcher.run("net-destroy", "boot");
    ip("netns", "delete", namespace);
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("ip").command(prefixed(words)).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", words));
  }

  private static List<String> prefixed(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("ip"));
    all.addAll(List.of(words));
    return all;
  }

  private String links() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("ip", "-n", namespace, "-br", "link").redirectErrorStream(true).start();
    String text =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @Test
  void aGuestBootsFromANetwork() throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("tftp"));
    HelloGuest.in(files, "unused");
    // the network's boot program is read whole to where a disk's first sector would be
    byte[] sector = Arrays.copyOf(Files.readAllBytes(files.resolve("hello.img")), SECTOR_BYTES);
    Path program = Files.write(files.resolve("boot.bin"), sector);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));
    Path network =
        Files.writeString(
            folder.resolve("boot.xml"),
            """
            <network>
              <name>boot</name>
              <bridge name='boot0' stp='off'/>
              <ip address='10.79.0.1' prefix='24'>
                <tftp root='%s'/>
                <dhcp>
                  <range start='10.79.0.100' end='10.79.0.199'/>
                  <host mac='52:54:00:79:00:10' ip='10.79.0.10'/>
                  <bootp file='boot.bin'/>
                </dhcp>
              </ip>
            </network>
            """
                .formatted(files));
    Path guest =
        Files.writeString(
            folder.resolve("booter.xml"),
            """
            <domain type='qemu'>
              <name>booter</name>
              <memory unit='MiB'>64</memory>
              <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='network'/></os>
              <devices>
                <interface type='network'>
                  <source network='boot'/><mac address='52:54:00:79:00:10'/><model type='virtio'/>
                </interface>
                <serial type='pty'/>
              </devices>
            </domain>
            """);
    launcher.succeed("net-define", network.toString());
    launcher.succeed("define", guest.toString());
    InstalledLauncher.Result early = launcher.run("start", "booter");
    assertTrue(early.error().contains("network 'boot' is not active"), early.error());
    launcher.succeed("net-start", "boot");
    launcher.succeed("start", "booter");
    assertTrue(links().contains("vnet0"), "its tap is plugged in");
    awaitBoot(folder.resolve("root/log/booter.console.log"));
    assertTrue(launcher.succeed("net-dhcp-leases", "boot").contains("10.79.0.10/24"));
    assertTrue(launcher.succeed("domifaddr", "booter").contains("10.79.0.10/24"));
    launcher.succeed("destroy", "booter");
    assertFalse(links().contains("vnet0"), "its tap is gone with it");
    launcher.succeed("net-destroy", "boot");
    assertFalse(links().contains("boot0"), "the bridge is gone");
  }

  /** QEMU writes the log; the command that asks in between costs more than the look at the file. */
  private void awaitBoot(Path log) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plusSeconds(BOOT_SECONDS);
    while (!Files.exists(log) || !Files.readString(log).contains("GUEST-UP")) {
      assertTrue(Instant.now().isBefore(deadline), "the guest did not boot");
      assertEquals("running", launcher.succeed("domstate", "booter").strip());
    }
  }
}
