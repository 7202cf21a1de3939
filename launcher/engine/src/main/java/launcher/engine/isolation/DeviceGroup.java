package launcher.engine.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import launcher.drivers.plan.IsolationStep.FilterDevices;
import launcher.engine.group.MachineGroups;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.DeviceFile;
import launcher.spawn.LandlockRule;
import launcher.spawn.libc.GroupFilter;

/**
 * The control group of one guest that says which devices it may open: by the files of the
 * controller devices in version 1, by a program in version 2.
 */
final class DeviceGroup {
  private static final int DEEPEST = 3;

  private DeviceGroup() {}

  /** Where a guest's group of version 1 lies; empty where the host has none that we may make. */
  static Optional<Path> of(String uuid) {
    return mount(hierarchy -> hierarchy.controllers().contains("devices"))
        .map(mount -> MachineGroups.own(mount, uuid));
  }

  /** Where version 2 is mounted, if the kernel takes programs of ours there. */
  static Optional<Path> unified() {
    return mount(ControlGroups.Hierarchy::unified)
        .filter(mount -> GroupFilter.accepts(DeviceProgram.of(List.of())));
  }

  private static Optional<Path> mount(Predicate<ControlGroups.Hierarchy> which) {
    try {
      return ControlGroups.hierarchies().stream()
          .filter(which)
          .map(ControlGroups.Hierarchy::mount)
          .filter(Files::isWritable)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The devices among what Landlock would allow, in the kernel's words: {@code c 1:3 rw}.
   *
   * @param rules what the guest may open
   */
  static List<String> allowed(List<LandlockRule> rules) {
    TreeSet<String> words = new TreeSet<>();
    for (LandlockRule rule : rules) {
      if (rule.path().startsWith("/dev") && !rule.path().equals(Path.of("/dev"))) {
        words.addAll(devices(rule));
      } else {
        device(rule.path(), rule.access()).ifPresent(words::add);
      }
      if (rule.path().equals(Path.of("/dev/pts"))) {
        words.add("c 136:* rw"); // made when a console is opened
      }
      if (rule.path().equals(Path.of("/dev/bus/usb"))) {
        words.add("c 189:* r"); // come and go
      }
    }
    return List.copyOf(words);
  }

  private static List<String> devices(LandlockRule rule) {
    if (!Files.isDirectory(rule.path())) {
      return device(rule.path(), rule.access()).stream().toList();
    }
    List<String> words = new ArrayList<>();
    try (Stream<Path> nodes = Files.walk(rule.path(), DEEPEST)) {
      nodes.forEach(node -> device(node, rule.access()).ifPresent(words::add));
    } catch (IOException | UncheckedIOException missing) {
      return words;
    }
    return words;
  }

  /** The words of a device file, to read and write it; empty for what is none. */
  static Optional<String> device(Path node) {
    return device(node, LandlockRule.Access.WRITE);
  }

  private static Optional<String> device(Path node, LandlockRule.Access access) {
    try {
      String letters = access == LandlockRule.Access.READ ? "r" : "rw";
      return DeviceFile.of(node)
          .map(device -> (device.block() ? "b " : "c ") + device.numbers() + " " + letters);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Makes the group: nothing but these. */
  static void make(Path group, List<String> allowed) throws IOException {
    Files.createDirectories(group);
    ControlGroups.write(group.resolve("devices.deny"), "a");
    for (String words : allowed) {
      ControlGroups.write(group.resolve("devices.allow"), words);
    }
  }

  /**
   * Lets a group of version 1 open one more device.
   *
   * @throws IOException when there is no such device
   */
  static void allow(Path group, Path node) throws IOException {
    ControlGroups.write(group.resolve("devices.allow"), existing(node));
  }

  private static String existing(Path node) throws IOException {
    return device(node).orElseThrow(() -> new IOException("there is no device '" + node + "'"));
  }

  /**
   * See {@link FilterDevices}; done again with another step, it takes the place of what was before.
   */
  static void filter(FilterDevices step, int pid) throws IOException {
    Path place = step.path();
    TreeSet<String> allowed = new TreeSet<>(step.allowed());
    for (Path node : step.nodes()) {
      allowed.add(existing(node));
    }
    if (!isUnified(place)) {
      // systemd moves what it makes a scope for, in every hierarchy
      if (ControlGroups.of(pid, "devices").filter(place::equals).isEmpty()) {
        ControlGroups.write(place.resolve("cgroup.procs"), Integer.toString(pid));
      }
      DeviceWords.settle(place, allowed);
      return;
    }
    Path group = unifiedGroup(place, pid);
    if (!MachineGroups.isOwn(group, step.user())) {
      group = MachineGroups.own(place, step.user());
      MachineGroups.join(group, pid);
    }
    GroupFilter.attach(group, DeviceProgram.of(List.copyOf(allowed)));
  }

  private static boolean isUnified(Path place) {
    return Files.exists(place.resolve("cgroup.controllers"));
  }

  /** The line {@code 0::/path} is version 2's (cgroups(7)). */
  private static Path unifiedGroup(Path mount, int pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
      if (line.startsWith("0::/")) {
        return mount.resolve(line.substring("0::/".length()));
      }
    }
    return mount;
  }

  /** Takes {@link #filter} back. */
  static void unfilter(Path place, String uuid) throws IOException {
    if (isUnified(place)) {
      MachineGroups.remove(MachineGroups.own(place, uuid));
    }
  }
}
