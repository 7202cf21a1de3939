package launcher.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The first process of a container, as the kernel sees it from the host. */
public final class InitProcess {
  private InitProcess() {}

  /**
   * The process that is number 1 in its own pid namespace and a child of the monitor, once it has
   * become the container's program.
   */
  public static Optional<Integer> of(int monitor) {
    try {
      Path children = Path.of("/proc/" + monitor + "/task/" + monitor + "/children");
      for (String word : Files.readString(children).strip().split(" ")) {
        if (!word.isEmpty() && isFirst(word) && !sameProgram(word, monitor)) {
          return Optional.of(Integer.valueOf(word));
        }
      }
      return Optional.empty();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static boolean isFirst(String pid) throws IOException {
    return field(pid, "NSpid:").map(ids -> ids.matches("\\d+(\\s+\\d+)*\\s+1")).orElse(false);
  }

  private static boolean sameProgram(String pid, int monitor) throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
    return own.equals(Files.readSymbolicLink(Path.of("/proc/" + monitor + "/exe")));
  }

  private static Optional<String> field(String pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst();
  }

  /**
   * Whether a process does something of its own at a signal: it catches it, or blocks it to take it
   * by signalfd(2), as systemd does.
   */
  public static boolean heeds(int pid, int signal) {
    try {
      long bit = 1L << (signal - 1);
      String word = Integer.toString(pid);
      long caught = Long.parseUnsignedLong(field(word, "SigCgt:").orElse("0"), 16);
      long blocked = Long.parseUnsignedLong(field(word, "SigBlk:").orElse("0"), 16);
      return ((caught | blocked) & bit) != 0;
    } catch (IOException ended) {
      return false;
    }
  }
}
