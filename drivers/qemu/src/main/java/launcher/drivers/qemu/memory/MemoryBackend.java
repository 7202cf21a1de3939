package launcher.drivers.qemu.memory;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.MemoryBacking;
import launcher.schemas.domain.Numbers;

/** A memory back end: RAM of its own, a memfd, a file or large pages, on chosen host nodes. */
public final class MemoryBackend {
  private final Guest guest;
  private final String id;
  private final long bytes;
  private OptionalLong cell = OptionalLong.empty();
  private Optional<String> access = Optional.empty();
  private Optional<String> discard = Optional.empty();
  private Optional<String> path = Optional.empty();
  private Optional<String> hostNodes = Optional.empty();
  private OptionalLong pageKib = OptionalLong.empty();
  private OptionalLong align = OptionalLong.empty();
  private String fileName;
  private boolean filled;
  private boolean reserved = true;
  private boolean system;
  private boolean pmem;
  private boolean enclave;

  private MemoryBackend(Guest guest, String id, long bytes) {
    this.guest = guest;
    this.id = id;
    this.bytes = bytes;
    this.fileName = id;
  }

  /**
   * A back end of a given size.
   *
   * @param id its id in QEMU
   * @param bytes its size in bytes
   */
  public static MemoryBackend of(Guest guest, String id, long bytes) {
    return new MemoryBackend(guest, id, bytes);
  }

  /** The RAM of a guest without cells. */
  static MemoryBackend ofSystem(Guest guest, String id) {
    MemoryBackend backend =
        new MemoryBackend(guest, id, MemorySizes.initialKib(guest.tree()) * 1024);
    backend.system = true;
    return backend;
  }

  /** The guest's cell that it belongs to, by number. */
  public MemoryBackend cell(long number) {
    cell = OptionalLong.of(number);
    return this;
  }

  /** {@code shared} or {@code private}, when said for this one. */
  public MemoryBackend access(Optional<String> mode) {
    access = mode;
    return this;
  }

  /** {@code yes} or {@code no}, when said for this one. */
  public MemoryBackend discard(Optional<String> yesNo) {
    discard = yesNo;
    return this;
  }

  /** A file that holds it. */
  public MemoryBackend path(Optional<String> file) {
    path = file;
    return this;
  }

  /** Name of the file, where it is one of launcher's own. */
  public MemoryBackend fileName(String name) {
    fileName = name;
    return this;
  }

  /** Host nodes, when said for this one. */
  public MemoryBackend hostNodes(Optional<String> nodes) {
    hostNodes = nodes;
    return this;
  }

  /** Size of its pages, when said for this one. */
  public MemoryBackend pageKib(OptionalLong kib) {
    pageKib = kib;
    return this;
  }

  /** Alignment in bytes. */
  public MemoryBackend align(OptionalLong alignment) {
    align = alignment;
    return this;
  }

  /** Whether all of it is allocated before the guest starts, whatever is said for the others. */
  public MemoryBackend filled(boolean all) {
    filled = all;
    return this;
  }

  /** Takes no swap space in advance, for memory that is given bit by bit. */
  public MemoryBackend unreserved() {
    reserved = false;
    return this;
  }

  /** Memory of the processor's own for enclaves, which is there from the start. */
  public MemoryBackend enclave() {
    enclave = true;
    filled = true;
    return this;
  }

  /** The file is on persistent memory. */
  public MemoryBackend persistent(boolean isPersistent) {
    pmem = isPersistent;
    return this;
  }

  /** Whether anything was asked for that plain RAM by amount cannot do. */
  boolean special() {
    return hugepage().isPresent()
        || accessMode().isPresent()
        || nodes().set().isPresent()
        || sourceType().isPresent()
        || path.isPresent();
  }

  /** Writes the object, and before it the one that allocates it on its nodes. */
  public void write(CommandLine out, XmlElement origin) {
    Props props = props();
    if (props.get("prealloc-context").isPresent()) {
      out.add(
          origin,
          "-object",
          Props.of("qom-type", "thread-context")
              .put("id", "tc-" + id)
              .put("node-affinity", nodes().list()));
    }
    out.add(origin, "-object", props);
  }

  private Props props() {
    Optional<HugepagePlace> hugepage = hugepage();
    boolean memfd = sourceType().filter("memfd"::equals).isPresent() && path.isEmpty() && !enclave;
    boolean file =
        !memfd
            && !enclave
            && (hugepage.isPresent()
                || path.isPresent()
                || accessMode().isPresent()
                || sourceType().filter("file"::equals).isPresent());
    Props props = Props.of("qom-type", "memory-backend-" + kind(memfd, file)).put("id", id);
    if (memfd) {
      hugepage.ifPresent(h -> props.put("hugetlb", true).put("hugetlbsize", h.sizeKib() * 1024));
    } else if (file) {
      props.put("mem-path", memoryPath(hugepage));
    }
    if (file || memfd) {
      common(props, file);
    }
    allocation(props, hugepage);
    props.put("size", bytes);
    props.put("align", align);
    if (pmem) {
      props.put("pmem", true);
    }
    placement(props);
    return props;
  }

  private String kind(boolean memfd, boolean file) {
    if (enclave) {
      return "epc";
    }
    return memfd ? "memfd" : file ? "file" : "ram";
  }

  private void common(Props props, boolean file) {
    if (file) {
      discardMode().ifPresent(d -> props.put("discard-data", d.equals("yes")));
    }
    accessMode().ifPresent(a -> props.put("share", a.equals("shared")));
    if (system
        && guest
            .capabilities()
            .has("memory-backend-file", "x-use-canonical-path-for-ramblock-id")) {
      props.put("x-use-canonical-path-for-ramblock-id", false);
    }
  }

  private String memoryPath(Optional<HugepagePlace> hugepage) {
    String name = guest.domain().name();
    return path.orElseGet(() ->
        hugepage
            .map(h -> guest.host().folders().hugepages(h.mount(), name))
            .orElseGet(() -> guest.host().folders().memory(name) + "/" + fileName));
  }

  private void allocation(Props props, Optional<HugepagePlace> hugepage) {
    Optional<MemoryBacking.Allocation> asked = backing().flatMap(MemoryBacking::allocation);
    boolean immediate =
        asked.flatMap(MemoryBacking.Allocation::mode).filter("immediate"::equals).isPresent();
    boolean allocated = reserved && (immediate || hugepage.isPresent() || filled);
    if (allocated) {
      props.put("prealloc", true);
    }
    asked.ifPresent(a -> props.put("prealloc-threads", a.threads()));
    if (!reserved) {
      props.put("reserve", false);
    }
  }

  private MemoryNodes nodes() {
    return new MemoryNodes(guest, cell, hostNodes);
  }

  private void placement(Props props) {
    MemoryNodes nodes = nodes();
    Optional<String> policy = nodes.policy();
    if (nodes.set().isEmpty() || policy.isEmpty()) {
      return;
    }
    props.put("host-nodes", nodes.list()).put("policy", policy.get());
    boolean context =
        props.get("prealloc").isPresent()
            && !nodes.pinned()
            && !enclave
            && guest.capabilities().has("memory-backend-file", "prealloc-context");
    if (context) {
      props.put("prealloc-context", "tc-" + id);
    }
  }

  private Optional<MemoryBacking> backing() {
    return guest.domain().memoryBacking();
  }

  private Optional<String> sourceType() {
    return backing()
        .flatMap(MemoryBacking::source)
        .flatMap(MemoryBacking.Source::type)
        .filter(t -> !t.equals("anonymous"));
  }

  private Optional<String> accessMode() {
    return access
        .or(() -> ofCell("memAccess"))
        .or(() -> backing().flatMap(MemoryBacking::access).flatMap(MemoryBacking.Access::mode));
  }

  private Optional<String> discardMode() {
    boolean all = backing().flatMap(MemoryBacking::discard).isPresent();
    return discard
        .or(() -> ofCell("discard"))
        .or(() -> all ? Optional.of("yes") : Optional.empty());
  }

  /** What is said of the cell that a module is added to. */
  private Optional<String> ofCell(String attribute) {
    return guest.cells().stream()
        .filter(c -> cell.isPresent() && Numbers.parse(c.attribute("id", "")).equals(cell))
        .findFirst()
        .flatMap(c -> c.attribute(attribute));
  }

  private Optional<HugepagePlace> hugepage() {
    return path.isPresent() || enclave
        ? Optional.empty()
        : HugepagePlace.find(guest, cell, pageKib);
  }
}
