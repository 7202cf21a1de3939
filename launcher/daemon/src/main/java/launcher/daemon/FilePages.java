package launcher.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.spawn.libc.Calls;

/**
 * Pages of files in this process' memory: the JVM's code and its archive of classes. Most of them
 * are used while the daemon comes up and hardly again; taken out, those that are used come back by
 * themselves, from the kernel's cache.
 */
final class FilePages {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** Fewer are not worth the call, in KiB. */
  private static final long FEWEST = 256;

  private FilePages() {}

  /**
   * One mapping (proc_pid_smaps(5)).
   *
   * @param kept KiB that the file does not have: written to by us, or in swap
   */
  private record Mapping(long start, long end, boolean droppable, long resident, long kept) {}

  /** Takes out what the files can give again. */
  static void drop() throws IOException {
    for (Mapping mapping : read()) {
      if (mapping.droppable() && mapping.kept() == 0 && mapping.resident() >= FEWEST) {
        Calls.dropFilePages(mapping.start(), mapping.end() - mapping.start());
      }
    }
  }

  private static List<Mapping> read() throws IOException {
    List<Mapping> mappings = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(MAPPINGS)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" +", 6);
        if (words[0].endsWith(":")) {
          Mapping last = mappings.removeLast();
          mappings.add(with(last, words[0], words[1]));
        } else {
          mappings.add(first(words));
        }
      }
    }
    return mappings;
  }

  /** Of a line {@code start-end permissions offset device inode path}. */
  private static Mapping first(String[] words) {
    int dash = words[0].indexOf('-');
    return new Mapping(
        Long.parseUnsignedLong(words[0], 0, dash, 16),
        Long.parseUnsignedLong(words[0], dash + 1, words[0].length(), 16),
        words[1].startsWith("r-") && words[1].endsWith("p") && words[5].startsWith("/"),
        0,
        0);
  }

  private static Mapping with(Mapping of, String name, String value) {
    return switch (name) {
      case "Rss:" ->
          new Mapping(of.start(), of.end(), of.droppable(), Long.parseLong(value), of.kept());
      case "Private_Dirty:", "Shared_Dirty:", "Anonymous:", "Swap:" ->
          new Mapping(
              of.start(),
              of.end(),
              of.droppable(),
              of.resident(),
              of.kept() + Long.parseLong(value));
      default -> of;
    };
  }
}
