package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import launcher.engine.GuestState.Phase;
import launcher.engine.network.InOwnNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A full Debian with systemd as a container: the host's own files under an overlay. */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class ContainerSystemdIT {
  private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");

  /** What has no place in a container, or would wait for hardware that is not there. */
  private static final List<String> MASKED =
      List.of(
          "systemd-udevd.service",
          "systemd-udev-trigger.service",
          "systemd-udevd-kernel.socket",
          "systemd-udevd-control.socket",
          "systemd-sysctl.service",
          "systemd-modules-load.service",
          "systemd-networkd.service",
          "systemd-resolved.service",
          "systemd-timesyncd.service",
          "getty.target",
          "console-getty.service",
          "apt-daily.timer",
          "apt-daily-upgrade.timer");

  private Containers containers;
  private Path root = Path.of("/");

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Files.isExecutable(SYSTEMD), "systemd-sysv is not installed");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dbus-daemon")), "dbus is not installed");
    containers = Containers.onOwnHost();
    Path layers = Files.createDirectories(containers.folder.resolve("layers"));
    Containers.run("mount", "-t", "tmpfs", "none", layers.toString());
    containers.mounts.add(layers);
    Files.createDirectories(layers.resolve("upper"));
    Files.createDirectories(layers.resolve("work"));
    root = Files.createDirectories(containers.folder.resolve("debian"));
    Containers.run(
        "mount",
        "-t",
        "overlay",
        "overlay",
        "-o",
        "lowerdir=/,upperdir=" + layers.resolve("upper") + ",workdir=" + layers.resolve("work"),
        root.toString());
    containers.mounts.add(root);
    onlyTheBareSystem();
  }

  private void onlyTheBareSystem() throws IOException {
    Files.deleteIfExists(root.resolve("etc/machine-id"));
    Files.writeString(root.resolve("etc/machine-id"), "");
    Path units = root.resolve("etc/systemd/system");
    Containers.run("rm", "-rf", units.toString());
    Files.createDirectories(units);
    for (String unit : MASKED) {
      Files.createSymbolicLink(units.resolve(unit), Path.of("/dev/null"));
    }
    try (Stream<Path> scripts = Files.list(root.resolve("etc/init.d"))) {
      for (Path script : scripts.toList()) {
        String name = String.valueOf(script.getFileName()).replaceFirst("\\.sh$", "");
        Path unit = units.resolve(name + ".service");
        if (!List.of("dbus", "procps").contains(name) && Files.notExists(unit)) {
          Files.createSymbolicLink(unit, Path.of("/dev/null"));
        }
      }
    }
  }

  @AfterEach
  void close() {
    containers.close();
  }

  /** What systemctl says; it leaves with another status than 0 for many an answer. */
  private static String systemctl(Guest guest, String... words) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            "nsenter", "--target=" + Containers.init(guest), "--all", "--", "systemctl");
    command.command().addAll(List.of(words));
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** Until the boot is over: before, systemctl reaches nobody or says "starting". */
  private static String booted(Guest guest) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(150).toNanos();
    String said = "";
    while (!said.equals("running") && !said.equals("degraded")) {
      assertTrue(System.nanoTime() < deadline, "systemd does not come up: " + said);
      said = systemctl(guest, "is-system-running", "--wait");
    }
    return said;
  }

  @Test
  void bootsRebootsAndShutsDown() throws IOException, InterruptedException {
    Containers.run("ip", "link", "add", "br5", "type", "bridge");
    Containers.run("ip", "addr", "add", "10.55.0.1/24", "dev", "br5");
    Containers.run("ip", "link", "set", "br5", "up");
    String xml =
        BusyboxRoot.xml(
            Containers.unique("debian"),
            root,
            "<os><init>" + SYSTEMD + "</init></os>",
            "<filesystem type='ram'><source usage='64' units='MiB'/><target dir='/tmp'/>"
                + "</filesystem><filesystem type='ram'><source usage='64' units='MiB'/>"
                + "<target dir='/run'/></filesystem>"
                + "<interface type='bridge'><source bridge='br5'/>"
                + "<ip address='10.55.0.2' prefix='24'/></interface>");
    Guest guest = containers.define(xml.replace(">64</memory>", ">512</memory>"));
    guest.start(StartOptions.DEFAULT);
    booted(guest);
    assertEquals("active", systemctl(guest, "is-active", "multi-user.target"));
    Containers.run("busybox", "ping", "-c", "1", "-W", "20", "10.55.0.2");
    // systemd has moved itself into a group of its own: the whole container is meant all the same
    guest.suspend();
    assertEquals(Phase.PAUSED, guest.state().phase());
    guest.resume();
    assertTrue(guest.usage().usedMemory().orElse(0) > 1024);
    int before = Containers.init(guest);
    guest.reboot(ShutdownMode.ANY);
    containers.await("reboot");
    assertTrue(before != Containers.init(guest));
    booted(guest);
    guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(100)));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    containers.assertNothingLeft(guest);
  }
}
