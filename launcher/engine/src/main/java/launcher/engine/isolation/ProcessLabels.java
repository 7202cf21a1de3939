package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The categories that processes of this host run with, or are about to get by their next execve(2),
 * whoever started them: another daemon of ours, libvirt, a container engine.
 */
final class ProcessLabels {
  private static final List<String> NOW_AND_NEXT = List.of("attr/current", "attr/exec");

  private ProcessLabels() {}

  static Set<Categories> taken(Path proc) throws IOException {
    Set<Categories> taken = new HashSet<>();
    byProcess(proc).values().forEach(taken::addAll);
    return taken;
  }

  /**
   * Refuses a label whose categories another process has.
   *
   * @param own those that are to have it: the guest's process and its helpers
   * @throws IOException naming the other one
   */
  static void verify(Path proc, Set<Integer> own, String label) throws IOException {
    Optional<Categories> wanted = Categories.in(label);
    for (Map.Entry<String, Set<Categories>> other : byProcess(proc).entrySet()) {
      if (wanted.isPresent()
          && !own.contains(Integer.parseInt(other.getKey()))
          && other.getValue().contains(wanted.get())) {
        throw new IOException(
            "Process "
                + other.getKey()
                + " has got the same categories; if both were started at this very moment, start again");
      }
    }
  }

  private static Map<String, Set<Categories>> byProcess(Path proc) throws IOException {
    Map<String, Set<Categories>> found = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        Set<Categories> labels = new HashSet<>();
        NOW_AND_NEXT.forEach(name -> label(process.resolve(name)).ifPresent(labels::add));
        found.put(String.valueOf(process.getFileName()), labels);
      }
    }
    return found;
  }

  private static Optional<Categories> label(Path attribute) {
    try {
      return Categories.in(Files.readString(attribute).replace("\0", "").strip());
    } catch (IOException ended) {
      return Optional.empty();
    }
  }
}
