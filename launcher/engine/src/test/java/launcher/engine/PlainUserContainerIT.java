package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import launcher.engine.network.InOwnNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A plain user with subordinate ids and control groups of its own runs a mapped container. */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class PlainUserContainerIT {
  private static final int USER = 12_345;
  private static final int FIRST = 300_000;

  private Containers containers;
  private final List<Path> groups = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    containers = Containers.onOwnHost();
    Files.writeString(containers.folder.resolve("subid"), "utester:" + FIRST + ":65536\n");
    Path users = containers.folder.resolve("passwd");
    Files.copy(Path.of("/etc/passwd"), users);
    Files.writeString(
        users, "utester:x:" + USER + ":" + USER + "::/:/bin/sh\n", StandardOpenOption.APPEND);
    Containers.run("mount", "--bind", users.toString(), "/etc/passwd");
    BusyboxRoot.own(containers.root, FIRST);
    giveGroups();
  }

  /** As a user's session has them from systemd (Delegate=yes). */
  private void giveGroups() throws IOException {
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.filter(Files::isDirectory).toList()) {
        Path group = Files.createDirectory(hierarchy.resolve(Containers.unique("plain")));
        groups.add(group);
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
          if (Files.exists(group.resolve(file))) {
            Files.writeString(group.resolve(file), Files.readString(hierarchy.resolve(file)));
          }
        }
        Containers.run("chown", "-R", USER + ":" + USER, group.toString());
      }
    }
  }

  @AfterEach
  void close() {
    Containers.run("umount", "/etc/passwd");
    for (Path group : groups) {
      Containers.run("find", group.toString(), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
    }
    containers.close();
  }

  /** The class path where every user can read it. */
  private String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path copy = containers.folder.resolve("classes").resolve(Integer.toString(entries.size()));
      if (Files.exists(Path.of(entry))) {
        Containers.run("mkdir", "-p", copy.toString());
        Containers.run("cp", "-r", entry, copy.toString());
        entries.add(copy.resolve(Path.of(entry).getFileName()).toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  @Test
  void runsAMappedContainer() throws IOException, InterruptedException {
    Path engine = Files.createDirectory(containers.folder.resolve("private"));
    Containers.run("chown", USER + ":" + USER, engine.toString());
    // as a user's runtime folder: not even the container's root may enter it
    Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
    String executor = System.getProperty("launcher.spawn.executor", "");
    Path program = containers.folder.resolve("spawn-executor");
    Files.copy(Path.of(executor), program);
    String xml =
        BusyboxRoot.xml(
            Containers.unique("plain"),
            containers.root,
            "<idmap><uid start='0' target='300000' count='65536'/>"
                + "<gid start='0' target='300000' count='65536'/></idmap>",
            "");
    ProcessBuilder command =
        new ProcessBuilder(
            "setpriv",
            "--reuid=" + USER,
            "--regid=" + USER,
            "--clear-groups",
            ProcessHandle.current().info().command().orElse("java"),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + engine,
            "-Dlauncher.spawn.executor=" + program,
            "-cp",
            classPath(),
            PlainUserWorker.class.getName(),
            engine.toString(),
            xml);
    command.directory(engine.toFile());
    command.environment().put("HOME", engine.toString());
    Process worker = command.redirectErrorStream(true).start();
    for (Path group : groups) {
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(worker.pid()));
    }
    worker.getOutputStream().write('\n');
    worker.getOutputStream().close();
    String said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, worker.waitFor(), said);
    for (String line :
        List.of(
            "STATE running (booted)",
            "CONSOLE",
            "ROOT 300000",
            "FROZEN paused (user)",
            "LIMIT 32768",
            "END shut off (shutdown)")) {
      assertTrue(said.lines().anyMatch(line::equals), line + " was not seen:\n" + said);
    }
    for (Path group : groups) {
      assertEquals(
          "", Containers.run("find", group.toString(), "-name", "launcher-lxc-*"), "left behind");
    }
  }
}
