package launcher.tests.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import launcher.control.Client;

/** The daemon of the installed tree on a root of its own, started and killed by this test. */
final class ChaosDaemon implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private final Path program;
  private final Path root;
  private Process process;

  private ChaosDaemon(Path program, Path root) throws IOException {
    this.program = program;
    this.root = root;
    process = begin();
  }

  static ChaosDaemon start(Path tree, Path root) throws IOException {
    Files.createDirectories(root);
    return new ChaosDaemon(tree.resolve("libexec/launcherd"), root);
  }

  private Process begin() throws IOException {
    return new ProcessBuilder(program.toString(), "--root", root.toString(), "--idle", "86400")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("daemon.log").toFile()))
        .start();
  }

  void kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the daemon does not die");
    }
  }

  void again() throws IOException {
    process = begin();
  }

  /** Connects as soon as it listens. */
  Client connect() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      Optional<Client> client = Client.connect(root.resolve("run/launcher.sock"));
      if (client.isPresent()) {
        return client.get();
      }
      // its end would be an answer; else its socket is not there yet
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IOException("the daemon has ended with status " + process.exitValue());
      }
    }
    throw new IOException("the daemon does not listen");
  }

  /**
   * Connections that the daemon has open, by the kernel's table (proc_net_unix(5)): it keeps one
   * until what was asked on it is over, also when the client has gone.
   */
  long connections() throws IOException {
    String socket = root.resolve("run/launcher.sock").toString();
    // the sixth column is the state: 03 is connected
    return Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1).stream()
        .filter(line -> line.endsWith(" " + socket) && line.split("\\s+")[5].equals("03"))
        .count();
  }

  /** The processes that run guests of this root: the guest's UUID and its process. */
  Map<String, List<Long>> machines() throws IOException {
    String folder = root.resolveSibling("").toString();
    Map<String, List<Long>> found = new TreeMap<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path each : all) {
        List<String> words = words(each);
        if (!words.isEmpty()
            && words.getFirst().contains("qemu-system")
            && words.stream().anyMatch(word -> word.contains(folder))) {
          String uuid = words.get(Math.max(0, words.indexOf("-uuid") + 1));
          found
              .computeIfAbsent(uuid, _ -> new ArrayList<>())
              .add(Long.parseLong(each.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private static List<String> words(Path process) {
    try {
      String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      return line.isEmpty() ? List.of() : List.of(line.split("\0"));
    } catch (IOException gone) {
      return List.of();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    for (List<Long> pids : machines().values()) {
      pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }
}
