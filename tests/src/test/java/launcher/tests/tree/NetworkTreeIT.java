package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
  private OwnNetwork network = null;
  private InstalledLauncher launcher = new InstalledLauncher(folder, List.of());

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "networks need root");
    for (String program :
        List.of("/usr/sbin/dnsmasq", "/usr/sbin/nft", "/usr/bin/qemu-system-x86_64")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs the program " + program);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    network = OwnNetwork.open(folder);
    launcher = new InstalledLauncher(folder.resolve("root"), network.words());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "booter");
    launcher.run("net-destroy", "boot");
    network.close();
  }

  private String links() throws IOException, InterruptedException {
    return network.succeed("ip", "-br", "link");
  }

  @Test
  void aGuestBootsFromANetwork() throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("tftp"));
    HelloGuest.in(files, "unused");
    // the network's boot program is read whole to where a disk's first sector would be
    byte[] sector = Arrays.copyOf(Files.readAllBytes(files.resolve("hello.img")), SECTOR_BYTES);
    Path program = Files.write(files.resolve("boot.bin"), sector);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));
    Path definition =
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
    launcher.succeed("net-define", definition.toString());
    launcher.succeed("define", guest.toString());
    InstalledLauncher.Result early = launcher.run("start", "booter");
    assertTrue(early.error().contains("network 'boot' is not active"), early.error());
    launcher.succeed("net-start", "boot");
    launcher.succeed("start", "booter");
    assertTrue(links().contains("vnet0"), "its tap is plugged in");
    awaitBoot(folder.resolve("root/log/booter.console.log"));
    assertTrue(launcher.succeed("net-dhcp-leases", "boot").contains("10.79.0.10/24"));
    assertTrue(launcher.succeed("domifaddr", "booter").contains("10.79.0.10/24"));
    everythingIsKilled();
    launcher.succeed("destroy", "booter");
    assertFalse(links().contains("vnet0"), "its tap is gone with it");
    launcher.succeed("net-destroy", "boot");
    assertFalse(links().contains("boot0"), "the bridge is gone");
  }

  /** Daemon and dnsmasq at once: the next command finds the network and serves it again. */
  private void everythingIsKilled() throws IOException, InterruptedException {
    Path dnsmasq = folder.resolve("root/run/networks/boot.dnsmasq.pid");
    String before = Files.readString(dnsmasq).strip();
    network.succeed("kill", "-9", before, daemon());
    assertTrue(launcher.succeed("net-list").contains(" boot   active "));
    assertTrue(launcher.succeed("net-dhcp-leases", "boot").contains("10.79.0.10/24"));
    assertEquals("running", launcher.succeed("domstate", "booter").strip());
    String after = Files.readString(dnsmasq).strip();
    assertNotEquals(before, after);
    assertTrue(network.succeed("ps", "-o", "args=", "-p", after).contains("/boot.conf"));
  }

  private String daemon() {
    List<Long> pids =
        ProcessHandle.allProcesses()
            .filter(process ->
                process
                    .info()
                    .arguments()
                    .map(List::of)
                    .orElse(List.of())
                    .containsAll(List.of("--detached", folder.resolve("root").toString())))
            .map(ProcessHandle::pid)
            .toList();
    assertEquals(1, pids.size(), "daemons of this root: " + pids);
    return pids.getFirst().toString();
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
