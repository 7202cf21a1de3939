package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import launcher.engine.host.ControlGroups;

/**
 * What the controller devices of version 1 lets a group open, in its words: {@code c 1:3 rw}. One
 * word is changed after the other, so that what stays allowed is allowed all the while.
 */
final class DeviceWords {
  private static final String ALL = "a";

  private DeviceWords() {}

  /** Makes a group allow these and no others. */
  static void settle(Path group, Collection<String> allowed) throws IOException {
    Map<String, String> wanted = byDevice(allowed);
    Map<String, String> now = byDevice(Files.readAllLines(group.resolve("devices.list")));
    for (Map.Entry<String, String> entry : now.entrySet()) {
      if (entry.getKey().startsWith(ALL)) {
        ControlGroups.write(group.resolve("devices.deny"), ALL);
      } else {
        String gone = without(entry.getValue(), wanted.getOrDefault(entry.getKey(), ""));
        change(group.resolve("devices.deny"), entry.getKey(), gone);
      }
    }
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      String more = without(entry.getValue(), now.getOrDefault(entry.getKey(), ""));
      change(group.resolve("devices.allow"), entry.getKey(), more);
    }
  }

  /** The letters of each device, together where it stands twice. */
  private static Map<String, String> byDevice(Collection<String> words) {
    Map<String, String> letters = new TreeMap<>();
    for (String line : words) {
      int end = line.lastIndexOf(' ');
      letters.merge(
          line.substring(0, end),
          line.substring(end + 1),
          (some, more) -> some + without(more, some));
    }
    return letters;
  }

  private static String without(String letters, String others) {
    StringBuilder rest = new StringBuilder();
    letters.chars().filter(letter -> others.indexOf(letter) < 0).forEach(rest::appendCodePoint);
    return rest.toString();
  }

  private static void change(Path file, String device, String letters) throws IOException {
    if (!letters.isEmpty()) {
      ControlGroups.write(file, device + " " + letters);
    }
  }
}
