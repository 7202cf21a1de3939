package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A machine with systemd as its first process, logind and a message bus, in a container whose root
 * is an overlay over the host's own: everything that is installed here is there, and what is
 * written goes into a file system in memory. launcher is installed in it as on a host, its units in
 * place. It can be powered off, booted again, and its power can be cut.
 */
final class SystemdContainer implements AutoCloseable {
  private static final Path PROGRAM =
      Path.of(System.getProperty("launcher.tree", "../target/launcher"))
          .toAbsolutePath()
          .normalize();

  /** What must not run in a container, or takes its time and is not needed. */
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
          "apt-daily-upgrade.timer",
          "lvm2-monitor.service");

  private final Path folder;
  private final Path root;
  private final String name;

  private SystemdContainer(Path folder, String name) {
    this.folder = folder;
    this.root = folder.resolve("root");
    this.name = name;
  }

  /** Where launcher is installed, in the machine as outside. */
  static String program() {
    return PROGRAM.toString();
  }

  /** Leaves the test out where such a machine cannot be had. */
  static void assumePossible() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to boot a container");
    for (String needed :
        List.of(
            "/usr/bin/lxc-start",
            "/lib/systemd/systemd",
            "/lib/systemd/systemd-logind",
            "/usr/bin/dbus-daemon",
            "/usr/bin/qemu-system-x86_64",
            "/bin/busybox",
            "/usr/bin/as")) {
      assumeTrue(
          Files.isExecutable(Path.of(needed)),
          "needs " + needed + " (apt-get install lxc systemd-sysv dbus …, see dev/Setup.java)");
    }
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n"),
        "needs overlayfs in the kernel");
    assumeTrue(
        Files.isExecutable(PROGRAM.resolve("bin/launcher")),
        "needs the installed tree (mvn package): " + PROGRAM);
  }

  /** Makes a machine that has not been booted yet. */
  static SystemdContainer make(Path folder) throws IOException, InterruptedException {
    SystemdContainer machine =
        new SystemdContainer(folder, "launcher-shutdown-" + ProcessHandle.current().pid());
    Path memory = Files.createDirectory(folder.resolve("memory"));
    Commands.succeed("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", memory.toString());
    try {
      Path upper = Files.createDirectory(memory.resolve("upper"));
      Path work = Files.createDirectory(memory.resolve("work"));
      Files.createDirectory(machine.root);
      Commands.succeed(
          "mount",
          "-t",
          "overlay",
          "-o",
          "lowerdir=/,upperdir=" + upper + ",workdir=" + work,
          "overlay",
          machine.root.toString());
      machine.furnish();
      return machine;
    } catch (IOException | RuntimeException | AssertionError e) {
      machine.close();
      throw e;
    }
  }

  private void furnish() throws IOException {
    for (String gone :
        List.of("etc/systemd/system", "etc/launcher", "var/lib/launcher", "var/log/journal")) {
      deleteTree(root.resolve(gone));
    }
    Files.deleteIfExists(root.resolve("etc/machine-id"));
    Files.writeString(root.resolve("etc/machine-id"), "");
    Files.createDirectories(path("/var/log/journal")); // so that the journal outlives a reboot
    Path units = Files.createDirectories(path("/etc/systemd/system"));
    List<String> masked = new ArrayList<>(MASKED);
    try (DirectoryStream<Path> scripts = Files.newDirectoryStream(Path.of("/etc/init.d"))) {
      for (Path script : scripts) {
        String service = script.getFileName().toString().replaceFirst("\\.sh$", "");
        if (!service.equals("dbus") && !service.equals("procps")) {
          masked.add(service + ".service");
        }
      }
    }
    for (String unit : masked) {
      if (!Files.exists(units.resolve(unit), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(units.resolve(unit), Path.of("/dev/null"));
      }
    }
    try (Stream<Path> ours = Files.list(PROGRAM.resolve("share/systemd"))) {
      for (Path unit : ours.filter(Files::isRegularFile).toList()) {
        Files.copy(unit, units.resolve(unit.getFileName().toString()));
      }
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A file of the machine, seen from outside. */
  Path path(String inside) {
    return root.resolve(inside.substring(1));
  }

  /** The folder of the container, for what the test keeps outside of the machine. */
  Path folder() {
    return folder;
  }

  /** Enables a unit, as {@code systemctl enable} would for one that is wanted by that target. */
  void enable(String unit, String target) throws IOException {
    Path wants = Files.createDirectories(path("/etc/systemd/system/" + target + ".wants"));
    Files.createSymbolicLink(wants.resolve(unit), Path.of("/etc/systemd/system", unit));
  }

  /** Boots and returns when everything is up. */
  void boot() throws IOException, InterruptedException {
    begin();
    awaitUp();
  }

  /** Begins to boot. */
  void begin() throws IOException, InterruptedException {
    Path identity = Files.writeString(folder.resolve("boot_id"), UUID.randomUUID() + "\n");
    Path container = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        container.resolve("config"),
        """
        lxc.rootfs.path = dir:%s
        lxc.uts.name = shutdown-test
        lxc.net.0.type = empty
        lxc.tty.max = 0
        lxc.pty.max = 64
        lxc.mount.auto = proc:rw sys:rw
        lxc.mount.entry = cgroup2 sys/fs/cgroup cgroup2 rw 0 0
        lxc.mount.entry = tmpfs tmp tmpfs rw,mode=1777 0 0
        lxc.mount.entry = tmpfs run tmpfs rw,mode=0755 0 0
        lxc.mount.entry = %s %s none bind,create=dir 0 0
        lxc.mount.entry = %s proc/sys/kernel/random/boot_id none bind 0 0
        lxc.init.cmd = /lib/systemd/systemd
        lxc.signal.halt = SIGRTMIN+3
        lxc.apparmor.profile = unconfined
        lxc.console.logfile = %s
        """
            .formatted(
                root,
                PROGRAM,
                PROGRAM.toString().substring(1),
                identity,
                folder.resolve("console.log")));
    List<String> start = lxc("lxc-start");
    start.addAll(List.of("-d", "-l", "INFO", "-o", folder.resolve("lxc.log").toString()));
    Commands.succeed(start);
  }

  /** Waits until systemd has nothing left to start. */
  void awaitUp() throws IOException {
    Commands.await(
        () -> {
          String state = run("systemctl", "is-system-running").output().strip();
          return state.equals("running") || state.equals("degraded");
        },
        () -> "the machine does not come up: " + console());
  }

  /** Runs a program in the machine. */
  Commands.Result run(String... words) throws IOException, InterruptedException {
    List<String> attach = lxc("lxc-attach");
    attach.add("--");
    attach.addAll(List.of(words));
    return Commands.run(attach);
  }

  /** Runs a program in the machine, which must succeed. */
  String succeed(String... words) throws IOException, InterruptedException {
    List<String> attach = lxc("lxc-attach");
    attach.add("--");
    attach.addAll(List.of(words));
    return Commands.succeed(attach);
  }

  /** Runs the installed command in the machine, which must succeed. */
  String launcher(String... words) throws IOException, InterruptedException {
    return succeed(launcherWords(words));
  }

  /** Runs the installed command in the machine. */
  Commands.Result tryLauncher(String... words) throws IOException, InterruptedException {
    return run(launcherWords(words));
  }

  /** Runs the installed command as a plain user, who has that home. */
  String plainUserLauncher(String home, String... words) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "env",
                "--unset=XDG_RUNTIME_DIR",
                "HOME=" + home));
    all.addAll(List.of(launcherWords(words)));
    return succeed(all.toArray(String[]::new));
  }

  /**
   * Asks the host's daemon as nobody.
   *
   * @param groups an option of setpriv(1)
   */
  Commands.Result nobody(String groups, String... words) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", groups));
    all.addAll(List.of(launcherWords(words)));
    all.add("--system");
    return run(all.toArray(String[]::new));
  }

  private static String[] launcherWords(String... words) {
    List<String> all = new ArrayList<>(List.of(PROGRAM.resolve("bin/launcher").toString()));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  /** Tells it to power off and waits until it has. */
  void powerOff() throws IOException, InterruptedException {
    run("systemctl", "poweroff"); // its own end may come before its answer
    awaitOff();
  }

  /** Waits until it is off. */
  void awaitOff() throws IOException, InterruptedException {
    List<String> wait = lxc("lxc-wait");
    wait.addAll(List.of("-s", "STOPPED", "-t", "100"));
    assertEquals(0, Commands.run(wait).status(), "the machine does not go off: " + console());
  }

  /** Whether it is off. */
  boolean isOff() throws IOException, InterruptedException {
    List<String> info = lxc("lxc-info");
    info.addAll(List.of("-s", "-H"));
    return Commands.run(info).output().strip().equals("STOPPED");
  }

  /** Ends everything in it at once. */
  void cutPower() throws IOException, InterruptedException {
    List<String> stop = lxc("lxc-stop");
    stop.add("-k");
    Commands.run(stop);
    awaitOff();
  }

  /** What systemd wrote on the console. */
  String console() throws IOException {
    Path log = folder.resolve("console.log");
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }

  /** The log of the present or an earlier boot, as {@code journalctl -b} numbers it. */
  String journal(int boot) throws IOException, InterruptedException {
    return succeed("journalctl", "--no-pager", "-o", "cat", "-b", Integer.toString(boot));
  }

  private List<String> lxc(String program) {
    return new ArrayList<>(List.of(program, "-P", folder.toString(), "-n", name));
  }

  @Override
  public void close() throws IOException {
    try {
      if (Files.exists(folder.resolve(name))) {
        cutPower();
      }
      for (Path mounted : List.of(root, folder.resolve("memory"))) {
        Commands.run(List.of("umount", mounted.toString()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted, mounts may be left at '" + folder + "'", e);
    }
  }
}
