package launcher.engine.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Function;
import launcher.engine.GuestLimit;
import launcher.engine.host.ControlGroups;

/**
 * The control group that holds a whole guest, in version 1 or 2: what it uses and what it may use
 * (cgroups(7); Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst of Linux).
 */
public final class ResourceGroup {
  /** The part of the container's group that the monitor is not in. */
  private static final String PAYLOAD = "payload";

  private static final long NANOSECONDS_PER_TICK = 10_000_000;
  private static final long NANOSECONDS_PER_MICROSECOND = 1000;
  private static final long KIB = 1024;

  private final Function<String, Optional<Path>> folders;

  private ResourceGroup(Function<String, Optional<Path>> folders) {
    this.folders = folders;
  }

  /** Of the container with that first process. */
  public static ResourceGroup ofContainer(int init) {
    return new ResourceGroup(controller -> ControlGroups.whole(init, controller, PAYLOAD));
  }

  /** Of a QEMU guest, as far as it has groups of its own. */
  public static ResourceGroup ofMachine(int pid, String uuid) {
    return new ResourceGroup(controller -> MachineGroups.folder(pid, uuid, controller));
  }

  /** The folder for a controller, none when the host has none. */
  public Optional<Path> folder(String controller) {
    return folders.apply(controller);
  }

  /** Its limits as they are now, those that this host has; memory in KiB, -1 for no limit. */
  public SequencedMap<GuestLimit, Long> limits() {
    SequencedMap<GuestLimit, Long> all = new LinkedHashMap<>();
    for (GuestLimit limit : GuestLimit.values()) {
      GroupLimit.find(limit, this)
          .flatMap(found -> found.read(this))
          .ifPresent(value -> all.put(limit, value));
    }
    return all;
  }

  /**
   * Changes a limit; memory in KiB, -1 for no limit.
   *
   * @throws IOException when this host has no such limit, or the kernel refuses
   */
  public void limit(GuestLimit limit, long value) throws IOException {
    Optional<GroupLimit> found = GroupLimit.find(limit, this);
    if (found.isEmpty()) {
      throw new IOException("this host does not limit '" + limit.word() + "'");
    }
    try {
      found.get().write(this, value);
    } catch (IOException e) {
      throw new IOException("'" + limit.word() + "' cannot be " + value + ": " + e.getMessage(), e);
    }
  }

  /** Processor time, processes and disks' traffic, under virsh's names ({@code domstats}). */
  public SequencedMap<String, Long> statistics() {
    SequencedMap<String, Long> values = new LinkedHashMap<>();
    Optional<String> separate = text("cpuacct", "cpuacct.usage");
    if (separate.isPresent()) {
      put(values, "cpu.time", number(separate.get()), 1);
      String parts = text("cpuacct", "cpuacct.stat").orElse("");
      put(values, "cpu.user", word(parts, "user"), NANOSECONDS_PER_TICK);
      put(values, "cpu.system", word(parts, "system"), NANOSECONDS_PER_TICK);
    } else {
      String parts = text("cpu", "cpu.stat").orElse("");
      put(values, "cpu.time", word(parts, "usage_usec"), NANOSECONDS_PER_MICROSECOND);
      put(values, "cpu.user", word(parts, "user_usec"), NANOSECONDS_PER_MICROSECOND);
      put(values, "cpu.system", word(parts, "system_usec"), NANOSECONDS_PER_MICROSECOND);
    }
    put(values, "pids.current", text("pids", "pids.current").flatMap(this::number), 1);
    return values;
  }

  /** What it has of memory and swap, in KiB, under virsh's names ({@code dommemstat}). */
  public SequencedMap<String, Long> memory() {
    SequencedMap<String, Long> values = new LinkedHashMap<>();
    OptionalLong used = used();
    used.ifPresent(kib -> values.put("actual", kib));
    String parts = text("memory", "memory.stat").orElse("");
    put(values, "swap_in", word(parts, "pswpin"), 1);
    put(values, "swap_out", word(parts, "pswpout"), 1);
    put(values, "major_fault", word(parts, "pgmajfault"), 1);
    put(values, "minor_fault", word(parts, "pgfault"), 1);
    kib(values, "disk_caches", word(parts, "total_cache").or(() -> word(parts, "file")));
    kib(values, "rss", word(parts, "total_rss").or(() -> word(parts, "anon")));
    return values;
  }

  /** Memory in use, in KiB. */
  public OptionalLong used() {
    Optional<String> bytes = text("memory", "memory.usage_in_bytes");
    bytes = bytes.or(() -> text("memory", "memory.current"));
    return bytes
        .map(text -> OptionalLong.of(number(text).orElse(0L) / KIB))
        .orElse(OptionalLong.empty());
  }

  private static void kib(SequencedMap<String, Long> values, String name, Optional<Long> bytes) {
    bytes.ifPresent(number -> values.put(name, number / KIB));
  }

  private static void put(
      SequencedMap<String, Long> values, String name, Optional<Long> value, long unit) {
    value.ifPresent(number -> values.put(name, number * unit));
  }

  private Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /** The number after a word at the beginning of a line. */
  private Optional<Long> word(String text, String word) {
    return text.lines()
        .filter(line -> line.startsWith(word + " "))
        .findFirst()
        .flatMap(line -> number(line.substring(word.length() + 1).strip()));
  }

  /** What a file of the group says, none when the host has no such file. */
  Optional<String> text(String controller, String file) {
    try {
      Optional<Path> folder = folder(controller);
      return folder.isPresent() && Files.exists(folder.get().resolve(file))
          ? Optional.of(Files.readString(folder.get().resolve(file)).strip())
          : Optional.empty();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /**
   * Writes into a file of the group.
   *
   * @throws IOException when there is no such file, or the kernel refuses
   */
  void write(String controller, String file, String value) throws IOException {
    Path folder =
        folder(controller).orElseThrow(() -> new IOException("no controller '" + controller + "'"));
    ControlGroups.write(folder.resolve(file), value);
  }
}
