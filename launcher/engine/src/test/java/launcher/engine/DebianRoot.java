package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A full Debian with systemd as the root of a container: the host's own files under an overlay,
 * with the bare system's units. Its network is systemd-networkd's, by DHCP.
 */
final class DebianRoot {
  static final Path SYSTEMD = Path.of("/lib/systemd/systemd");

  /** What has no place in a container, or would wait for hardware that is not there. */
  private static final List<String> MASKED =
      List.of(
          "systemd-udevd.service",
          "systemd-udev-trigger.service",
          "systemd-udevd-kernel.socket",
          "systemd-udevd-control.socket",
          "systemd-sysctl.service",
          "systemd-modules-load.service",
          "systemd-networkd-wait-online.service",
          "systemd-resolved.service",
          "systemd-timesyncd.service",
          "getty.target",
          "console-getty.service",
          "apt-daily.timer",
          "apt-daily-upgrade.timer");

  private DebianRoot() {}

  static void assumePossible() {
    assumeTrue(Files.isExecutable(SYSTEMD), "systemd-sysv is not installed");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dbus-daemon")), "dbus is not installed");
  }

  /**
   * Makes one.
   *
   * @param owner of what the container's root writes to, 0 where ids are not mapped
   */
  static Path make(Containers containers, String name, int owner) throws IOException {
    Path layers = Files.createDirectories(containers.folder.resolve(name + ".layers"));
    Containers.run("mount", "-t", "tmpfs", "none", layers.toString());
    containers.mounts.add(layers);
    Files.createDirectories(layers.resolve("upper"));
    Files.createDirectories(layers.resolve("work"));
    Path root = Files.createDirectories(containers.folder.resolve(name));
    Containers.run(
        "mount",
        "-t",
        "overlay",
        "overlay",
        "-o",
        "lowerdir=/,upperdir=" + layers.resolve("upper") + ",workdir=" + layers.resolve("work"),
        root.toString());
    containers.mounts.add(root);
    onlyTheBareSystem(root);
    if (owner != 0) {
      String both = owner + ":" + owner;
      Containers.run("chown", "-R", both, root.resolve("etc").toString());
      Containers.run("chown", both, root.toString());
    }
    return root;
  }

  private static void onlyTheBareSystem(Path root) throws IOException {
    Files.deleteIfExists(root.resolve("etc/machine-id"));
    Files.writeString(root.resolve("etc/machine-id"), "");
    Path units = root.resolve("etc/systemd/system");
    Containers.run("rm", "-rf", units.toString());
    Path wanted = Files.createDirectories(units.resolve("multi-user.target.wants"));
    Files.createSymbolicLink(
        wanted.resolve("systemd-networkd.service"),
        Path.of("/lib/systemd/system/systemd-networkd.service"));
    Path networks = Files.createDirectories(root.resolve("etc/systemd/network"));
    Files.writeString(
        networks.resolve("10-eth0.network"),
        "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n[DHCPv4]\nClientIdentifier=mac\n");
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

  /** A container on that root. */
  static String xml(String name, Path root, String more, String devices) {
    StringBuilder memory = new StringBuilder();
    for (String folder : List.of("/tmp", "/run", "/var")) {
      memory.append("<filesystem type='ram'><source usage='64' units='MiB'/><target dir='");
      memory.append(folder).append("'/></filesystem>");
    }
    String os = "<os><init>" + SYSTEMD + "</init></os>";
    return BusyboxRoot.xml(name, root, os + more, memory + devices)
        .replace(">64</memory>", ">512</memory>");
  }

  /** What systemctl says; it leaves with another status than 0 for many an answer. */
  static String systemctl(Guest guest, String... words) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            "nsenter", "--target=" + Containers.init(guest), "--all", "--", "systemctl");
    command.command().addAll(List.of(words));
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** Until the boot is over: before, systemctl reaches nobody or says "starting". */
  static String booted(Guest guest) throws IOException {
    long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
    String said = "";
    while (!said.equals("running") && !said.equals("degraded")) {
      assertTrue(System.nanoTime() < deadline, "systemd does not come up: " + said);
      said = systemctl(guest, "is-system-running", "--wait");
    }
    return said;
  }
}
