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
import java.util.stream.Stream;
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
    long usual = usualKib();
    for (long cell : NodeUsage.cells()) {
      add(rows, Optional.of(cell), usual);
    }
    if (rows.isEmpty()) {
      add(rows, Optional.empty(), usual);
    }
    return new Json.Array(rows);
  }

  private static void add(List<Json> rows, Optional<Long> cell, long usualKib) throws IOException {
    rows.add(row(cell, usualKib, NodeUsage.freeKib(cell) / usualKib));
    for (Map.Entry<Long, Path> huge : sizes(folder(cell)).entrySet()) {
      rows.add(row(cell, huge.getKey(), number(huge.getValue().resolve("free_hugepages"))));
    }
  }

  private static Json row(Optional<Long> cell, long sizeKib, long free) {
    return Json.object("cell", cell.orElse(0L), "sizeKib", sizeKib, "free", free);
  }

  /** Of one NUMA node; of the whole host when empty. */
  private static Path folder(Optional<Long> cell) {
    return cell.isEmpty() ? WHOLE : NodeUsage.folder(cell.get()).resolve("hugepages");
  }

  /** The size that is not huge: the first mapping's; the kernel makes no more than is read. */
  private static long usualKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
      return lines
          .filter(line -> line.startsWith("KernelPageSize:"))
          .findFirst()
          .map(line -> Long.parseLong(line.split("\\s+")[1]))
          .orElse(4L);
    }
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
    Map<Long, Path> sizes = sizes(folder(cell));
    Path pages = sizes.get(sizeKib);
    if (pages == null) {
      throw new ControlException(
          Outcome.NOT_FOUND,
          "this host has no huge pages of " + sizeKib + " KiB, but of " + sizes.keySet() + " KiB");
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
