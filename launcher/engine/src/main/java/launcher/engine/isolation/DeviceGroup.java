package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import launcher.engine.host.ControlGroups;
import launcher.spawn.LandlockRule;

/**
 * The control group of one guest that says which devices it may open (version 1, controller
 * devices). Version 2 has no such files: there Landlock and the mode of the nodes stand alone.
 */
final class DeviceGroup {
  private static final String PARENT = "launcher";
  private static final int DEEPEST = 3;
  private static final int FILE_TYPE = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;

  private DeviceGroup() {}

  /** Where a guest's group lies; empty where the host has none that we may make. */
  static Optional<Path> of(String uuid) {
    try {
      return ControlGroups.hierarchies().stream()
          .filter(hierarchy -> hierarchy.controllers().contains("devices"))
          .map(ControlGroups.Hierarchy::mount)
          .filter(Files::isWritable)
          .map(mount -> mount.resolve(PARENT).resolve(uuid))
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
    List<String> words = new ArrayList<>();
    try (Stream<Path> nodes = Files.walk(rule.path(), DEEPEST)) {
      nodes.forEach(node -> device(node, rule.access()).ifPresent(words::add));
    } catch (IOException | java.io.UncheckedIOException missing) {
      return words;
    }
    return words;
  }

  private static Optional<String> device(Path node, LandlockRule.Access access) {
    try {
      Map<String, Object> found = Files.readAttributes(node, "unix:mode,rdev");
      int type = (Integer) found.getOrDefault("mode", 0) & FILE_TYPE;
      if (type != CHARACTER && type != BLOCK || !(found.get("rdev") instanceof Long device)) {
        return Optional.empty();
      }
      long major = device >>> 8 & 0xfff;
      long minor = device & 0xff | device >>> 12 & 0xffffff00L;
      String letters = access == LandlockRule.Access.READ ? "r" : "rw";
      return Optional.of((type == BLOCK ? "b " : "c ") + major + ":" + minor + " " + letters);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Makes the group: nothing but these. */
  static void make(Path group, List<String> allowed) throws IOException {
    Files.createDirectories(group);
    write(group.resolve("devices.deny"), "a");
    for (String words : allowed) {
      write(group.resolve("devices.allow"), words);
    }
  }

  /**
   * Lets the group open one more device.
   *
   * @throws IOException when there is no such device
   */
  static void allow(Path group, Path node) throws IOException {
    Optional<String> words = device(node, LandlockRule.Access.WRITE);
    if (words.isEmpty()) {
      throw new IOException("there is no such device");
    }
    write(group.resolve("devices.allow"), words.get());
  }

  private static void write(Path file, String words) throws IOException {
    Files.writeString(file, words, StandardOpenOption.WRITE);
  }

  /** Removes it, and the one of all guests with the last. */
  static void remove(Path group) throws IOException {
    Files.deleteIfExists(group);
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
