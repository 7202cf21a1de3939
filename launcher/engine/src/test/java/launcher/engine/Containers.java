package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.InitProcess;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;

/** An engine with containers on a busybox root, on a host that the test has for itself. */
final class Containers implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);

  final Path folder;
  final Path root;

  /** What the test has mounted below the folder, in its order. */
  final List<Path> mounts = new ArrayList<>();

  final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();
  Engine engine;

  private Containers(Path folder) throws IOException {
    this.folder = folder;
    root = BusyboxRoot.make(folder);
    engine = open();
  }

  /** In a mount and a network namespace of the test's own (InOwnNetwork). */
  static Containers onOwnHost() throws IOException {
    BusyboxRoot.assumePossible();
    showControlGroups();
    Path folder = Files.createTempDirectory("containers-");
    // for ids of a mapping, which are nobody on the host
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path ids = Files.writeString(folder.resolve("subid"), "root:100000:65536\n");
    for (String file : List.of("/etc/subuid", "/etc/subgid")) {
      if (!Files.exists(Path.of(file))) {
        Files.createFile(Path.of(file));
      }
      run("mount", "--bind", ids.toString(), file);
    }
    return new Containers(folder);
  }

  /** The new /sys of the test's network has hidden them. */
  private static void showControlGroups() throws IOException {
    if (Files.exists(Path.of("/sys/fs/cgroup/memory"))) {
      return;
    }
    run("umount", "/sys");
    Path aside = Files.createTempDirectory("groups-");
    run("mount", "--rbind", "/sys/fs/cgroup", aside.toString());
    run("mount", "-t", "sysfs", "none", "/sys");
    run("mount", "--rbind", aside.toString(), "/sys/fs/cgroup");
    run("umount", "-l", aside.toString());
    Files.delete(aside);
  }

  Engine open() {
    Engine opened = Engine.open(Folders.under(folder.resolve("l")), new RealSpawner());
    opened.listen(events::add);
    return opened;
  }

  /** Control groups are the host's: another run of this test must not be met. */
  static String unique(String name) {
    return name + "-" + Long.toString(System.nanoTime(), 36);
  }

  Guest define(String name, String more, String devices) {
    return define(BusyboxRoot.xml(unique(name), root, more, devices));
  }

  Guest define(String xml) {
    return engine.guests().define(xml, DefineOptions.STRICT).guest();
  }

  Guest started(String name, String more, String devices) {
    return start(define(name, more, devices));
  }

  static Guest start(Guest guest) {
    guest.start(StartOptions.DEFAULT);
    return guest;
  }

  static int init(Guest guest) {
    return InitProcess.of(guest.pid().orElseThrow()).orElseThrow();
  }

  /** A line of /proc/PID/status of a container's first process. */
  static String status(Guest guest, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + init(guest) + "/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /** What a program says inside a container. */
  static String inside(Guest guest, String... words) {
    CommandSpec command =
        CommandSpec.of("nsenter")
            .add("--target=" + init(guest), "--mount", "--net", "--pid", "--uts", "--ipc")
            .add("--root", "--")
            .addAll(List.of(words))
            .environment(Environment.empty().with("PATH", "/bin:/usr/bin"))
            .capture()
            .build();
    return new RealSpawner().run(command).orThrow().text().strip();
  }

  /** Runs a program of the host that has to succeed. */
  static String run(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), () -> String.join(" ", words) + "\n" + text);
      return text.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file of a running container's group in a hierarchy of version 1. */
  static String limit(Guest guest, String controller, String file) throws IOException {
    Path group = ControlGroups.whole(init(guest), controller, "payload").orElseThrow();
    return Files.readString(group.resolve(file)).strip();
  }

  /** Looks anew at each event, until the answer is yes. */
  void await(BooleanSupplier question) throws InterruptedException {
    while (!question.getAsBoolean()) {
      assertTrue(events.poll(LONG.toSeconds(), TimeUnit.SECONDS) != null, "it does not come");
    }
  }

  void await(String kind) throws InterruptedException {
    GuestEvent event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    while (event != null && !event.kind().equals(kind)) {
      event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    }
    assertTrue(event != null, "no event '" + kind + "'");
  }

  /** Nothing on the host is of that container any more. */
  void assertNothingLeft(Guest guest) throws IOException {
    String group = "machine/launcher-lxc-" + guest.name();
    assertEquals(List.of(), ControlGroups.processes(group));
    String[] find = {"find", "/sys/fs/cgroup", "-depth", "-type", "d", "-name", "*" + guest.name()};
    assertEquals("", run(find), "a control group is left");
    assertFalse(Files.readString(Path.of("/proc/self/mounts")).contains(guest.uuid()), "a mount");
    Path runs = folder.resolve("l/run");
    try (Stream<Path> all = Files.walk(runs)) {
      List<Path> of = all.filter(path -> path.toString().contains(guest.uuid())).toList();
      assertEquals(List.of(), of);
    }
    for (GuestEvent event : events) {
      assertFalse(event.kind().equals("leftover"), event.toString());
    }
  }

  /** An image with a file system that holds one file, {@code content}. */
  Path image(String name, String content) throws IOException {
    Path tree = Files.createDirectories(folder.resolve(name + ".d"));
    Files.writeString(tree.resolve("content"), content);
    Path image = folder.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    run("mke2fs", "-q", "-F", "-t", "ext4", "-d", tree.toString(), image.toString());
    return image;
  }

  @Override
  public void close() {
    EngineOfTest.close(engine);
    for (String file : List.of("/etc/subuid", "/etc/subgid")) {
      run("umount", file);
    }
    for (Path mount : mounts.reversed()) {
      run("umount", "--lazy", mount.toString());
    }
    run("rm", "-r", "--one-file-system", folder.toString());
  }
}
