package launcher.engine.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.ControlGroups.Hierarchy;

/**
 * The control groups of one QEMU guest, in which it is limited: systemd's scope for it where there
 * is one, else groups of launcher's own ({@code launcher/UUID}) in the hierarchies of the
 * controllers that are needed.
 */
public final class MachineGroups {
  private static final String PARENT = "launcher";

  /** What systemd calls the scope of a guest, see SystemdScopes. */
  private static final String SCOPE = "machine-qemu";

  private static final String MEMBERS = "cgroup.procs";
  private static final String CHILDREN = "cgroup.subtree_control";

  /** A process that has ended leaves its group a moment later, and nothing tells when. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(2);

  /** What version 2 calls the controllers of version 1. */
  private static final Map<String, String> UNIFIED = Map.of("blkio", "io");

  private MachineGroups() {}

  /** The folder of a running guest's own group for a controller; empty while it has none. */
  public static Optional<Path> folder(int pid, String uuid, String controller) {
    return ControlGroups.of(pid, controller).filter(folder -> isOwn(folder, uuid));
  }

  /** The group of launcher's own for a guest, there or not, below where groups are mounted. */
  public static Path own(Path mount, String uuid) {
    return mount.resolve(PARENT).resolve(uuid);
  }

  /** Whether a group is that of a guest: launcher's own or systemd's scope. */
  public static boolean isOwn(Path folder, String uuid) {
    return folder.endsWith(uuid) || isScope(folder);
  }

  private static boolean isScope(Path folder) {
    return String.valueOf(folder.getFileName()).startsWith(SCOPE);
  }

  /** The name of the scope of systemd's that a process is in, if it is in one. */
  public static Optional<String> scope(int pid) {
    return ControlGroups.of(pid, "name=systemd")
        .filter(MachineGroups::isScope)
        .map(folder -> String.valueOf(folder.getFileName()));
  }

  /**
   * Sees to it that a process is in a group of its guest's own for each controller.
   *
   * @param controllers of version 1
   * @throws IOException when the host has no such controller, or gives no group
   */
  public static void enter(int pid, String uuid, Set<String> controllers) throws IOException {
    for (String controller : controllers) {
      String unified = UNIFIED.getOrDefault(controller, controller);
      Optional<Hierarchy> separate =
          ControlGroups.hierarchies().stream()
              .filter(hierarchy -> hierarchy.controllers().contains(controller))
              .findFirst();
      if (separate.isPresent()) {
        if (folder(pid, uuid, controller).isEmpty()) {
          join(own(separate.get().mount(), uuid), pid);
        }
      } else if (ControlGroups.unifiedControllers().contains(unified)) {
        enterUnified(pid, uuid, unified);
      } else {
        throw new IOException("the control groups of this host have no '" + controller + "'");
      }
    }
  }

  private static void enterUnified(int pid, String uuid, String controller) throws IOException {
    Optional<Path> own = folder(pid, uuid, controller);
    if (own.filter(MachineGroups::isScope).isPresent()) {
      return; // systemd, which was told, gives it its controllers
    }
    for (Hierarchy hierarchy : ControlGroups.hierarchies()) {
      if (hierarchy.unified()) {
        Path group = own(hierarchy.mount(), uuid);
        Files.createDirectories(group);
        for (Path above : List.of(hierarchy.mount(), group.resolveSibling(""))) {
          ControlGroups.write(above.resolve(CHILDREN), "+" + controller);
        }
        if (own.isEmpty()) {
          join(group, pid);
        }
      }
    }
  }

  /** Makes a group where it is not there, and moves a process into it. */
  public static void join(Path group, int pid) throws IOException {
    Files.createDirectories(group);
    ControlGroups.write(group.resolve(MEMBERS), Integer.toString(pid));
  }

  /**
   * Removes all that were made for a guest.
   *
   * @throws IOException when one is in use
   */
  public static void removeAll(String uuid) throws IOException {
    for (Hierarchy hierarchy : ControlGroups.hierarchies()) {
      Path group = own(hierarchy.mount(), uuid);
      if (Files.isDirectory(group)) {
        remove(group);
      }
    }
  }

  /**
   * Removes a group, and the one of all guests with the last.
   *
   * @throws IOException when it is in use
   */
  public static void remove(Path group) throws IOException {
    long deadline = System.nanoTime() + LEAVING.toNanos();
    // File.delete(): rmdir(2), and a refusal is no exception
    while (!group.toFile().delete() && Files.exists(group)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("it is in use");
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    Path all = group.resolveSibling(".").normalize();
    try (Stream<Path> rest = Files.list(all)) {
      if (rest.noneMatch(Files::isDirectory)) {
        Files.deleteIfExists(all);
      }
    } catch (IOException another) {
      return; // has come meanwhile
    }
  }
}
