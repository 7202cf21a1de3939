package launcher.engine.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.drivers.qemu.capabilities.Accelerator;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.schemas.XmlElement;

/** {@code <capabilities>}: the host from /proc and /sys, its emulators as they say themselves. */
public final class HostCapabilities {
  private static final Path NODES = Path.of("/sys/devices/system/node");
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");
  private static final Path PAGES = Path.of("/sys/kernel/mm/hugepages");

  /** Names of features that the kernel writes otherwise than QEMU does. */
  private static final Map<String, String> FEATURES =
      Map.of(
          "sse4_1", "sse4.1",
          "sse4_2", "sse4.2",
          "tsc_deadline_timer", "tsc-deadline",
          "sha_ni", "sha-ni",
          "avx512_vbmi2", "avx512vbmi2",
          "avx512_vnni", "avx512vnni",
          "avx512_bitalg", "avx512bitalg",
          "avx512_vpopcntdq", "avx512-vpopcntdq",
          "avx512_bf16", "avx512-bf16",
          "cr8_legacy", "cr8legacy");

  private HostCapabilities() {}

  /**
   * An emulator.
   *
   * @param arch of its guests, in libvirt's words
   * @param binary its program
   * @param capabilities what it says it can do
   */
  public record Emulator(String arch, Path binary, QemuCapabilities capabilities) {}

  /** Reads the host. */
  public static XmlElement read(String arch, List<Emulator> emulators) {
    try {
      XmlElement root = XmlElement.of("capabilities");
      host(root.add("host"), arch, emulators);
      for (Emulator emulator : emulators) {
        guest(root.add("guest"), emulator);
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException("the host cannot be looked at", e);
    }
  }

  private static void host(XmlElement host, String arch, List<Emulator> emulators)
      throws IOException {
    uuid().ifPresent(uuid -> host.add("uuid").text(uuid));
    cpu(host.add("cpu"), arch, emulators);
    host.add("power_management");
    boolean iommu = notEmpty(Path.of("/sys/class/iommu"));
    host.add("iommu").set("support", iommu ? "yes" : "no");
    topology(host.add("topology").add("cells"));
    XmlElement security = host.add("secmodel");
    boolean selinux = Files.exists(Path.of("/sys/fs/selinux/enforce"));
    security.add("model").text(selinux ? "selinux" : "none");
    security.add("doi").text("0");
  }

  private static Optional<String> uuid() {
    Path file = Path.of("/sys/class/dmi/id/product_uuid");
    try {
      return Optional.of(Files.readString(file).strip().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return Optional.empty(); // only root reads it, and not every host has one
    }
  }

  private static boolean notEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  private static void cpu(XmlElement cpu, String arch, List<Emulator> emulators)
      throws IOException {
    cpu.add("arch").text(arch);
    Map<String, String> info = CpuInfo.first();
    vendor(info).ifPresent(vendor -> cpu.add("vendor").text(vendor));
    if (info.containsKey("cpu family")) {
      cpu.add("signature")
          .set("family", info.getOrDefault("cpu family", "0"))
          .set("model", info.getOrDefault("model", "0"))
          .set("stepping", info.getOrDefault("stepping", "0"));
    }
    List<Processor> processors = processors();
    long sockets = processors.stream().map(Processor::socket).distinct().count();
    long cores = processors.stream().map(p -> p.socket() + " " + p.core()).distinct().count();
    cpu.add("topology")
        .set("sockets", Math.max(1, sockets))
        .set("dies", 1)
        .set("cores", Math.max(1, cores / Math.max(1, sockets)))
        .set("threads", Math.max(1, processors.size() / Math.max(1, cores)));
    Set<String> known = knownFeatures(arch, emulators);
    for (String flag : info.getOrDefault("flags", "").split(" ")) {
      String feature = FEATURES.getOrDefault(flag, flag);
      if (known.contains(feature)) {
        cpu.add("feature").set("name", feature);
      }
    }
    for (long size : pageSizes()) {
      cpu.add("pages").set("unit", "KiB").set("size", size);
    }
  }

  private static Optional<String> vendor(Map<String, String> info) {
    return switch (info.getOrDefault("vendor_id", "")) {
      case "GenuineIntel" -> Optional.of("Intel");
      case "AuthenticAMD" -> Optional.of("AMD");
      case "HygonGenuine" -> Optional.of("Hygon");
      default -> Optional.empty();
    };
  }

  /** The features that the emulator of the host's architecture has a switch for. */
  private static Set<String> knownFeatures(String arch, List<Emulator> emulators) {
    Set<String> known = new TreeSet<>();
    for (Emulator emulator : emulators) {
      if (emulator.arch().equals(arch)) {
        for (Accelerator accelerator :
            List.of(emulator.capabilities().native_(), emulator.capabilities().tcg())) {
          accelerator
              .hostCpuUnmigratable()
              .or(accelerator::hostCpu)
              .ifPresent(cpu -> cpu.properties().names().forEach(known::add));
        }
      }
    }
    return known;
  }

  private static List<Long> pageSizes() throws IOException {
    List<Long> sizes = new ArrayList<>(List.of(4L));
    if (Files.isDirectory(PAGES)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(PAGES, "hugepages-*kB")) {
        for (Path folder : folders) {
          sizes.add(pageSize(folder));
        }
      }
    }
    sizes.sort(Comparator.naturalOrder());
    return sizes;
  }

  private static long pageSize(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return Long.parseLong(name.substring("hugepages-".length(), name.length() - "kB".length()));
  }

  private record Processor(int number, String socket, String core, String siblings) {}

  private static List<Processor> processors() throws IOException {
    List<Processor> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(CPUS, "cpu[0-9]*")) {
      for (Path folder : folders) {
        Path topology = folder.resolve("topology");
        if (Files.isDirectory(topology)) { // not there for a processor that is off
          found.add(
              new Processor(
                  Integer.parseInt(String.valueOf(folder.getFileName()).substring(3)),
                  Files.readString(topology.resolve("physical_package_id")).strip(),
                  Files.readString(topology.resolve("core_id")).strip(),
                  Files.readString(topology.resolve("thread_siblings_list")).strip()));
        }
      }
    }
    found.sort(Comparator.comparingInt(Processor::number));
    return found;
  }

  private static void topology(XmlElement cells) throws IOException {
    List<Processor> processors = processors();
    List<Path> nodes = new ArrayList<>();
    if (Files.isDirectory(NODES)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(NODES, "node[0-9]*")) {
        folders.forEach(nodes::add);
      }
    }
    nodes.sort(Comparator.comparingInt(HostCapabilities::number));
    cells.set("num", Math.max(1, nodes.size()));
    if (nodes.isEmpty()) {
      cell(cells.add("cell").set("id", 0), memory(Path.of("/proc/meminfo")), processors);
    }
    for (Path node : nodes) {
      XmlElement cell = cells.add("cell").set("id", number(node));
      Set<Integer> own = range(Files.readString(node.resolve("cpulist")).strip());
      cell(
          cell,
          memory(node.resolve("meminfo")),
          processors.stream().filter(p -> own.contains(p.number())).toList());
      XmlElement distances = XmlElement.of("distances");
      String[] values = Files.readString(node.resolve("distance")).strip().split("\\s+");
      for (int i = 0; i < values.length && i < nodes.size(); i++) {
        distances.add("sibling").set("id", number(nodes.get(i))).set("value", values[i]);
      }
      cell.child("cpus").ifPresent(cpus -> cpus.addBefore(distances));
    }
  }

  private static int number(Path node) {
    return Integer.parseInt(String.valueOf(node.getFileName()).substring("node".length()));
  }

  private static void cell(XmlElement cell, long memoryKib, List<Processor> processors) {
    cell.add("memory").set("unit", "KiB").text(Long.toString(memoryKib));
    cell.add("pages").set("unit", "KiB").set("size", 4).text(Long.toString(memoryKib / 4));
    XmlElement cpus = cell.add("cpus").set("num", processors.size());
    for (Processor cpu : processors) {
      cpus.add("cpu")
          .set("id", cpu.number())
          .set("socket_id", cpu.socket())
          .set("die_id", 0)
          .set("core_id", cpu.core())
          .set("siblings", cpu.siblings());
    }
  }

  private static long memory(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.contains("MemTotal:")) {
        String[] words = line.substring(line.indexOf(':') + 1).strip().split("\\s+");
        return Long.parseLong(words[0]);
      }
    }
    return 0;
  }

  /** The numbers of {@code 0-3,7}. */
  private static Set<Integer> range(String list) {
    Set<Integer> numbers = new TreeSet<>();
    for (String part : list.split(",", -1)) {
      if (!part.isEmpty()) {
        int[] ends = Arrays.stream(part.split("-", 2)).mapToInt(Integer::parseInt).toArray();
        for (int i = ends[0]; i <= ends[ends.length - 1]; i++) {
          numbers.add(i);
        }
      }
    }
    return numbers;
  }

  private static void guest(XmlElement guest, Emulator emulator) {
    guest.add("os_type").text("hvm");
    XmlElement arch = guest.add("arch").set("name", emulator.arch());
    boolean narrow = emulator.arch().equals("i686") || emulator.arch().equals("armv7l");
    arch.add("wordsize").text(narrow ? "32" : "64");
    arch.add("emulator").text(emulator.binary().toString());
    machines(arch, emulator.capabilities().tcg().machines());
    arch.add("domain").set("type", "qemu");
    if (emulator.capabilities().kvm()) {
      XmlElement kvm = arch.add("domain").set("type", "kvm");
      if (!emulator
          .capabilities()
          .native_()
          .machines()
          .equals(emulator.capabilities().tcg().machines())) {
        machines(kvm, emulator.capabilities().native_().machines());
      }
    }
    XmlElement features = guest.add("features");
    if (emulator.arch().equals("i686")) {
      features.add("pae");
      features.add("nonpae");
    }
    if (Set.of("i686", "x86_64", "aarch64").contains(emulator.arch())) {
      features.add("acpi").set("default", "on").set("toggle", "yes");
    }
    if (Set.of("i686", "x86_64").contains(emulator.arch())) {
      features.add("apic").set("default", "on").set("toggle", "no");
    }
    features.add("cpuselection");
    features.add("deviceboot");
    features.add("disksnapshot").set("default", "on").set("toggle", "no");
  }

  private static void machines(XmlElement into, List<MachineType> machines) {
    for (MachineType machine : machines) {
      if (machine.name().equals("none")) {
        continue;
      }
      into.add("machine").set("maxCpus", machine.maxCpus()).text(machine.name());
      machine
          .alias()
          .ifPresent(alias ->
              into.add("machine")
                  .set("canonical", machine.name())
                  .set("maxCpus", machine.maxCpus())
                  .text(alias));
    }
  }
}
