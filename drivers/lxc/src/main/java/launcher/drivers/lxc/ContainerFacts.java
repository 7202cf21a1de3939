package launcher.drivers.lxc;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the host and the container's own files say about one definition; the engine looks it up
 * ({@link ContainerNeeds} says what) so that planning looks at nothing.
 *
 * @param groups the control groups of the host
 * @param devices device nodes by path
 * @param files sources of mounts that are no folders
 * @param users numbers of users by their name inside the container
 * @param groupIds numbers of groups by their name inside the container
 * @param containers first processes of other containers by their name
 */
public record ContainerFacts(
    HostGroups groups,
    Map<String, DeviceNode> devices,
    Set<String> files,
    Map<String, Long> users,
    Map<String, Long> groupIds,
    Map<String, Integer> containers) {
  /** For a container that shares nothing with another. */
  public ContainerFacts(
      HostGroups groups,
      Map<String, DeviceNode> devices,
      Set<String> files,
      Map<String, Long> users,
      Map<String, Long> groupIds) {
    this(groups, devices, files, users, groupIds, Map.of());
  }

  /** Copies the collections. */
  public ContainerFacts {
    devices = Map.copyOf(devices);
    files = Set.copyOf(files);
    users = Map.copyOf(users);
    groupIds = Map.copyOf(groupIds);
    containers = Map.copyOf(containers);
  }

  /** Facts of a host of which nothing special need be known. */
  public static ContainerFacts of(HostGroups groups) {
    return new ContainerFacts(groups, Map.of(), Set.of(), Map.of(), Map.of());
  }

  /** The number behind {@code 1000}, {@code +1000} or a name. */
  static Optional<Long> number(String word, Map<String, Long> names) {
    String digits = word.startsWith("+") ? word.substring(1) : word;
    return digits.matches("[0-9]{1,10}")
        ? Optional.of(Long.valueOf(digits))
        : Optional.ofNullable(names.get(word));
  }

  /**
   * A device node.
   *
   * @param block whether it is a block device, else a character device
   */
  public record DeviceNode(boolean block, long major, long minor) {
    /** {@code b 8:1}, as control groups write it. */
    String rule() {
      return (block ? "b " : "c ") + numbers();
    }

    /** {@code 8:1}. */
    String numbers() {
      return major + ":" + minor;
    }
  }

  /**
   * The host's control groups.
   *
   * @param separate controllers with a hierarchy of their own (cgroup version 1)
   * @param unified controllers of the one hierarchy (version 2)
   * @param budgetFair whether shares of disks' time are BFQ's, the only scheduler that has them
   *     since Linux 5.0: its files have {@code bfq} in their names
   */
  public record HostGroups(Set<String> separate, Set<String> unified, boolean budgetFair) {
    /** With a scheduler of disks whose files have plain names. */
    public HostGroups(Set<String> separate, Set<String> unified) {
      this(separate, unified, false);
    }

    /** Copies the sets. */
    public HostGroups {
      separate = Set.copyOf(separate);
      unified = Set.copyOf(unified);
    }

    /** Whether the controller is in the one hierarchy. */
    boolean isUnified(String controller) {
      return !separate.contains(controller) && unified.contains(controller);
    }
  }
}
