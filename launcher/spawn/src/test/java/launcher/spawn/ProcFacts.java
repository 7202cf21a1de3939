package launcher.spawn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the kernel says about a living process. */
record ProcFacts(int pid) {
  private Path file(String name) {
    return Path.of("/proc/" + pid, name);
  }

  String read(String name) throws IOException {
    return Files.readString(file(name)).strip();
  }

  Path link(String name) throws IOException {
    return Files.readSymbolicLink(file(name));
  }

  /** A line of status: {@code Uid}, {@code CapEff}, {@code SigBlk}. */
  String status(String name) throws IOException {
    for (String line : Files.readAllLines(file("status"))) {
      if (line.startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  /** Soft and hard limit of a line of limits, such as {@code Max open files}. */
  List<String> limit(String name) throws IOException {
    for (String line : Files.readAllLines(file("limits"))) {
      if (line.startsWith(name + " ")) {
        return Arrays.asList(line.substring(name.length()).strip().split("\\s+")).subList(0, 2);
      }
    }
    return List.of();
  }

  /**
   * Field of stat by its number in proc(5), from 3 on: the name of the program may hold anything.
   */
  String stat(int field) throws IOException {
    String text = read("stat");
    return text.substring(text.lastIndexOf(')') + 2).split(" ")[field - 3];
  }

  Map<Integer, String> descriptors() throws IOException {
    Map<Integer, String> found = new TreeMap<>();
    try (Stream<Path> entries = Files.list(file("fd"))) {
      for (Path entry : entries.toList()) {
        found.put(
            Integer.parseInt(entry.getFileName().toString()),
            Files.readSymbolicLink(entry).toString());
      }
    }
    return found;
  }

  /** NUL-separated words of environ or cmdline. */
  List<String> words(String name) throws IOException {
    String text = Files.readString(file(name));
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  Map<String, String> environment() throws IOException {
    Map<String, String> found = new HashMap<>();
    for (String word : words("environ")) {
      found.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
    }
    return found;
  }

  /** This process's children of whatever kind, zombies too. */
  static List<String> ownChildren() throws IOException {
    String children = "";
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        children += readIfThere(thread.resolve("children")) + " ";
      }
    }
    return Stream.of(children.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private static String readIfThere(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException ended) {
      return "";
    }
  }

  /** A program without a dynamic loader, whose own descriptors would show for an instant. */
  static CommandBuilder sleeper() {
    assumeProgram("/bin/busybox");
    return CommandSpec.of("/bin/busybox").add("sleep", "600");
  }

  static void assumeRoot() {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
  }

  static void assumeProgram(String path) {
    assumeTrue(Files.isExecutable(Path.of(path)), "needs " + path);
  }
}
