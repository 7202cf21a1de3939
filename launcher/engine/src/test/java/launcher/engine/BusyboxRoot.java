package launcher.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A smallest system for a container: busybox, and an init that echoes and heeds SIGPWR. */
final class BusyboxRoot {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private static final String INIT =
      """
      #!/bin/sh
      trap 'echo POWER; exit 0' PWR
      trap 'echo REBOOT; reboot -f' INT
      echo CONTAINER-UP "$@"
      while :; do read -r -t 1 line && echo "HEARD $line"; done
      """;

  private BusyboxRoot() {}

  /** Leaves the test out where the host has no LXC, no busybox, or no rights. */
  static void assumePossible() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/lxc-start")), "lxc is not installed");
    assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    assumeTrue(System.getProperty("user.name", "").equals("root"), "not root");
  }

  static Path make(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path root = folder.resolve("root");
    for (String name : List.of("bin", "sbin", "proc", "sys", "dev", "etc", "tmp", "run", "mnt")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    for (String tool :
        List.of(
            "sh",
            "cat",
            "id",
            "ls",
            "ip",
            "sleep",
            "reboot",
            "mount",
            "touch",
            "env",
            "mknod",
            "dd",
            "stat",
            "hostname",
            "ps",
            "stty",
            "ping",
            "udhcpc",
            "nslookup",
            "kill",
            "mkfifo",
            "head",
            "readlink",
            "poweroff")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(tool), Path.of("busybox"));
    }
    Path init = root.resolve("sbin/init");
    Files.writeString(init, INIT);
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(root.resolve("etc/passwd"), "tester:x:1234:5:t:/:/bin/sh\n");
    return root;
  }

  /** Gives everything to another owner, as a container with mapped ids needs it. */
  static void own(Path root, int id) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        Files.setAttribute(path, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /** A container on that root with more in its definition and its devices. */
  static String xml(String name, Path root, String more, String devices) {
    return "<domain type='lxc'><name>"
        + name
        + "</name><memory unit='MiB'>64</memory><features><privnet/></features>"
        + more
        + "<devices><filesystem type='mount'><source dir='"
        + root
        + "'/><target dir='/'/></filesystem>"
        + devices
        + "<console type='pty'/></devices></domain>";
  }
}
