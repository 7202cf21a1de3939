package launcher.engine.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import launcher.spawn.Signal;
import launcher.spawn.libc.Calls;

/** The control groups of the host, of version 1, 2 or both (cgroups(7)). */
public final class ControlGroups {
  /** What killed processes may take to end. */
  private static final Duration KILLED = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(2);

  /**
   * One mounted hierarchy.
   *
   * @param mount where it is mounted
   * @param unified whether it is of version 2
   * @param controllers of version 1; also the name of one without controllers
   */
  public record Hierarchy(Path mount, boolean unified, Set<String> controllers) {
    public Hierarchy {
      controllers = Set.copyOf(controllers);
    }
  }

  private ControlGroups() {}

  /** The hierarchies that are mounted. */
  public static List<Hierarchy> hierarchies() throws IOException {
    List<Hierarchy> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = line.split(" ");
      if (fields[2].equals("cgroup")) {
        found.add(new Hierarchy(Path.of(fields[1]), false, Set.of(fields[3].split(","))));
      } else if (fields[2].equals("cgroup2")) {
        found.add(new Hierarchy(Path.of(fields[1]), true, Set.of()));
      }
    }
    return found;
  }

  /** Controllers that have a hierarchy of their own (version 1). */
  public static Set<String> separateControllers() throws IOException {
    Set<String> all = new TreeSet<>();
    hierarchies().forEach(hierarchy -> all.addAll(hierarchy.controllers()));
    return all;
  }

  /** Controllers of the unified hierarchy (version 2). */
  public static Set<String> unifiedControllers() throws IOException {
    for (Hierarchy hierarchy : hierarchies()) {
      Path file = hierarchy.mount().resolve("cgroup.controllers");
      if (hierarchy.unified() && Files.isReadable(file)) {
        String words = Files.readString(file).strip();
        return words.isEmpty() ? Set.of() : Set.of(words.split(" "));
      }
    }
    return Set.of();
  }

  /**
   * The folder of a process's group for one controller.
   *
   * @param controller such as {@code memory}; {@code freezer} and others of version 1 alone are
   *     found in the unified hierarchy where there is no own one
   */
  public static Optional<Path> of(int pid, String controller) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"));
      Optional<Hierarchy> own =
          hierarchies().stream().filter(h -> h.controllers().contains(controller)).findFirst();
      for (String line : lines) {
        String[] fields = line.split(":", 3);
        boolean fits =
            own.isPresent()
                ? List.of(fields[1].split(",")).contains(controller)
                : fields[1].isEmpty();
        Optional<Hierarchy> hierarchy =
            own.isPresent() ? own : hierarchies().stream().filter(Hierarchy::unified).findFirst();
        if (fits && hierarchy.isPresent()) {
          return Optional.of(hierarchy.get().mount().resolve(fields[2].substring(1)));
        }
      }
      return Optional.empty();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** Whether shares of disks' time are those of the BFQ scheduler, whose files are named so. */
  public static boolean budgetFair() throws IOException {
    for (Hierarchy hierarchy : hierarchies()) {
      try (Stream<Path> files =
          hierarchy.controllers().contains("blkio") || hierarchy.unified()
              ? Files.list(hierarchy.mount())
              : Stream.of()) {
        if (files.anyMatch(file -> String.valueOf(file.getFileName()).contains("bfq."))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The folder of a container's whole group for one controller, as {@link #of}: its first process
   * may have moved itself deeper, as systemd does.
   *
   * @param name of the group that holds the whole container, such as {@code payload}
   */
  public static Optional<Path> whole(int init, String controller, String name) {
    Optional<Path> own = of(init, controller);
    Path folder = own.orElse(null);
    while (folder != null && !folder.endsWith(name)) {
      folder = folder.getParent();
    }
    return folder == null ? own : Optional.of(folder);
  }

  /** The folders of a named group in every hierarchy that has it. */
  public static List<Path> folders(String group) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies()) {
      Path folder = hierarchy.mount().resolve(base(hierarchy)).resolve(group);
      if (Files.isDirectory(folder)) {
        folders.add(folder);
      }
    }
    return folders;
  }

  /**
   * Where LXC begins: for root the group of number 1, for a plain user the group that was given to
   * the user, each without systemd's {@code init.scope} (LXC 5.0, cgfsng.c).
   */
  private static String base(Hierarchy hierarchy) throws IOException {
    boolean root = System.getProperty("user.name", "").equals("root");
    for (String line : Files.readAllLines(Path.of(root ? "/proc/1/cgroup" : "/proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      boolean same =
          hierarchy.unified()
              ? fields[1].isEmpty()
              : Stream.of(fields[1].split(",")).anyMatch(hierarchy.controllers()::contains)
                  || hierarchy.controllers().contains(fields[1]);
      if (same) {
        return fields[2].replaceFirst("/init\\.scope$", "").replaceFirst("^/", "");
      }
    }
    return "";
  }

  /** The processes in a named group and below. */
  public static List<Integer> processes(String group) throws IOException {
    Set<Integer> all = new TreeSet<>();
    for (Path folder : folders(group)) {
      for (Path inner : tree(folder)) {
        all.addAll(members(inner));
      }
    }
    return List.copyOf(all);
  }

  private static List<Integer> members(Path folder) throws IOException {
    try {
      return Files.readAllLines(folder.resolve("cgroup.procs")).stream()
          .map(Integer::valueOf)
          .toList();
    } catch (IOException e) {
      if (Files.exists(folder)) {
        throw e;
      }
      // ENOENT, or ENODEV when it went after the file was opened
      return List.of();
    }
  }

  /** The folder and all below, the deepest first. */
  private static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException | UncheckedIOException gone) {
      // LXC removes it too
      return List.of();
    }
  }

  /** Ends everything in a named group, frozen or not, and removes the group everywhere. */
  public static void remove(String group) throws IOException {
    long deadline = System.nanoTime() + KILLED.toNanos();
    List<Integer> left = processes(group);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      for (int pid : left) {
        kill(pid);
      }
      // after the kill: what is thawed runs no instruction of its own any more
      thaw(group);
      LockSupport.parkNanos(LOOK.toNanos());
      left = processes(group);
    }
    while (!removed(group) && System.nanoTime() < deadline) {
      // A process that has ended leaves its group a moment later, and nothing tells when.
      LockSupport.parkNanos(LOOK.toNanos());
    }
    List<Path> stay = folders(group);
    if (!stay.isEmpty()) {
      throw new IOException("'" + stay.getFirst() + "' cannot be removed: it is in use");
    }
  }

  private static boolean removed(String group) throws IOException {
    boolean all = true;
    for (Path folder : folders(group)) {
      for (Path inner : tree(folder)) {
        // File.delete(): rmdir(2), and a refusal is no exception
        all &= inner.toFile().delete() || !Files.exists(inner);
      }
    }
    return all;
  }

  private static void kill(int pid) throws IOException {
    try (ProcessDescriptor process = ProcessDescriptor.of(pid)) {
      process.signal(Signal.KILL.number());
    } catch (Calls.CallException gone) {
      // ended between the look and the signal
      return;
    }
  }

  /** Every group below too: a container may freeze parts of itself. */
  public static void thaw(String group) throws IOException {
    for (Path folder : folders(group)) {
      for (Path inner : tree(folder)) {
        if (frozen(inner)) {
          thawed(inner);
        }
      }
    }
  }

  private static void thawed(Path folder) throws IOException {
    try {
      freeze(folder, false);
    } catch (NoSuchFileException gone) {
      // with its last process
      return;
    }
  }

  /** Stops or continues everything in a group's folder. */
  public static void freeze(Path folder, boolean stop) throws IOException {
    Path separate = folder.resolve("freezer.state");
    if (Files.exists(separate)) {
      write(separate, stop ? "FROZEN" : "THAWED");
    } else if (Files.exists(folder.resolve("cgroup.freeze"))) {
      write(folder.resolve("cgroup.freeze"), stop ? "1" : "0");
    } else {
      throw new IOException("the host has no freezer at '" + folder + "'");
    }
  }

  /** Whether a group's folder is stopped, or is on the way to it. */
  public static boolean frozen(Path folder) {
    try {
      Path separate = folder.resolve("freezer.state");
      return Files.exists(separate)
          ? !Files.readString(separate).startsWith("THAWED")
          : Files.readString(folder.resolve("cgroup.freeze")).startsWith("1");
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Writes into a file of a group.
   *
   * @throws IOException when there is no such file, or the kernel refuses
   */
  public static void write(Path file, String word) throws IOException {
    Files.write(file, word.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }
}
