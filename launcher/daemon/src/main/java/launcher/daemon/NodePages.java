package launcher.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;

/** The host's pages of memory by their size, huge ones too (admin-guide/mm/hugetlbpage.rst). */
final class NodePages {
  private static final Path WHOLE = Path.of("/sys/kernel/mm/hugepages");
  private static final long KIB = 1024;

  private NodePages() {}

  /** Free pages of each NUMA node and size. */
  static Json free() throws IOException {
    List<Json> rows = new ArrayList<>();
    List<Long> cells = NodeUsage.cells();
    for (long cell : cells.isEmpty() ? List.of(0L) : cells) {
      long size = usualKib();
      long free =
          NodeUsage.memory(cells.isEmpty() ? Optional.empty() : Optional.of(cell))
              .findWhole("free")
              .orElse(0L);
      rows.add(row(cell, size, free / size));
      Path folder = cells.isEmpty() ? WHOLE : NodeUsage.folder(cell).resolve("hugepages");
      for (Map.Entry<Long, Path> huge : sizes(folder).entrySet()) {
        rows.add(row(cell, huge.getKey(), number(huge.getValue().resolve("free_hugepages"))));
      }
    }
    return new Json.Array(rows);
  }

  private static Json row(long cell, long sizeKib, long free) {
    return Json.object("cell", cell, "sizeKib", sizeKib, "free", free);
  }

  /** The size that is not huge. */
  private static long usualKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.startsWith("KernelPageSize:")) {
        return Long.parseLong(line.split("\\s+")[1]);
      }
    }
    return 4;
  }

  private static Map<Long, Path> sizes(Path folder) throws IOException {
    Map<Long, Path> sizes = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "hugepages-*kB")) {
        all.forEach(one -> {
          String name = String.valueOf(one.getFileName());
          sizes.put(Long.valueOf(name.replaceAll("[^0-9]", "")), one);
        });
      }
    }
    return sizes;
  }

  private static long number(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }

  /**
   * Sets aside huge pages, or gives them back.
   *
   * @param count how many there are then, or come beside those that are there
   * @param cell of one NUMA node; wherever there is room when empty
   * @throws ControlException when the kernel has no such pages, or not so many
   */
  static void allocate(long sizeKib, long count, Optional<Long> cell, boolean add)
      throws IOException {
    Path folder = cell.isEmpty() ? WHOLE : NodeUsage.folder(cell.get()).resolve("hugepages");
    Path pages = sizes(folder).get(sizeKib);
    if (pages == null) {
      throw new ControlException(
          Outcome.NOT_FOUND,
          "this host has no huge pages of "
              + sizeKib
              + " KiB, but of "
              + sizes(folder).keySet()
              + " KiB");
    }
    Path file = pages.resolve("nr_hugepages");
    long before = number(file);
    long wanted = add ? before + count : count;
    write(file, wanted);
    long now = number(file);
    if (now < wanted) {
      write(file, before);
      throw new ControlException(
          Outcome.FAILED,
          "the kernel found room for "
              + now
              + " of "
              + wanted
              + " huge pages of "
              + sizeKib * KIB
              + " bytes; there are "
              + before
              + " as before");
    }
  }

  private static void write(Path file, long count) throws IOException {
    Files.write(
        file, Long.toString(count).getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }
}
