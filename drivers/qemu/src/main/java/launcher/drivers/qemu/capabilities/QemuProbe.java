package launcher.drivers.qemu.capabilities;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Asks a QEMU (started with {@code -machine none}, or recorded) what it can do.
 *
 * <p>Two conversations tell everything: one with the best accelerator, one with TCG; where KVM
 * cannot be used the first one serves for both.
 */
public final class QemuProbe {
  /** Devices whose properties decide something. */
  static final List<String> DEVICES =
      List.of(
          "virtio-blk-pci",
          "virtio-net-pci",
          "virtio-scsi-pci",
          "virtio-blk-ccw",
          "virtio-net-ccw",
          "virtio-scsi-ccw",
          "vfio-pci",
          "scsi-hd",
          "ide-hd",
          "PIIX4_PM",
          "usb-redir",
          "usb-host",
          "usb-storage",
          "kvm-pit",
          "VGA",
          "vmware-svga",
          "qxl",
          "virtio-gpu-pci",
          "virtio-gpu-device",
          "virtio-gpu-ccw",
          "ICH9-LPC",
          "virtio-balloon-pci",
          "virtio-balloon-ccw",
          "virtio-balloon-device",
          "intel-iommu",
          "mch",
          "nvdimm",
          "pcie-root-port",
          "vhost-user-fs-device",
          "virtio-mem-pci",
          "virtio-iommu-pci",
          "spapr-pci-host-bridge",
          "zpci");

  private static final List<String> OBJECTS =
      List.of("memory-backend-file", "memory-backend-memfd", "none-machine");

  // machines of an architecture share their switches; asking one type is enough
  private static final Map<String, List<String>> TYPES_OF_ARCH =
      Map.of(
          "x86_64", List.of("generic-pc-machine", "max-x86_64-cpu"),
          "i386", List.of("generic-pc-machine", "max-i386-cpu"),
          "ppc64", List.of("pseries-machine", "spapr-machine"),
          "aarch64", List.of("virt-machine", "max-arm-cpu"),
          "arm", List.of("virt-machine", "max-arm-cpu"),
          "riscv64", List.of("virt-machine"),
          "loongarch64", List.of("virt-machine"),
          "s390x", List.of("s390-ccw-virtio-machine"));

  private final QmpExchange exchange;

  private QemuProbe(QmpExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Asks.
   *
   * @param best a QEMU started with {@code accel=kvm:tcg}
   * @param tcg one started with {@code accel=tcg}; empty where the first one had no KVM either
   */
  public static QemuCapabilities probe(QmpExchange best, Optional<? extends QmpExchange> tcg) {
    QemuProbe probe = new QemuProbe(best);
    boolean kvm = probe.object("query-kvm").bool("enabled", false);
    String arch = probe.object("query-target").string("arch", "");
    Accelerator first = probe.accelerator(kvm ? "host" : "max");
    Accelerator second =
        tcg.<Accelerator>map(t -> new QemuProbe(t).accelerator("max")).orElse(first);
    return new QemuCapabilities(
        probe.version(),
        arch,
        kvm,
        new QmpSchema(probe.objects("query-qmp-schema", Map.of())),
        probe.names("qom-list-types", Map.of()),
        probe.properties(arch),
        probe.options(),
        probe.strings("query-tpm-models"),
        probe.strings("query-tpm-types"),
        probe.capabilities(),
        probe.exchange.ask("query-sev-capabilities", Map.of()).isPresent(),
        first,
        second);
  }

  private JsonObject object(String command) {
    return exchange.ask(command, Map.of()).orElse(JsonObject.EMPTY) instanceof JsonObject o
        ? o
        : JsonObject.EMPTY;
  }

  private List<JsonObject> objects(String command, Map<String, @Nullable Object> arguments) {
    List<JsonObject> found = new ArrayList<>();
    if (exchange.ask(command, arguments).orElse(List.of()) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof JsonObject object) {
          found.add(object);
        }
      }
    }
    return found;
  }

  private Set<String> names(String command, Map<String, @Nullable Object> arguments) {
    Set<String> names = new HashSet<>();
    objects(command, arguments).forEach(o -> names.add(o.string("name", "")));
    return names;
  }

  private Set<String> strings(String command) {
    Set<String> found = new HashSet<>();
    if (exchange.ask(command, Map.of()).orElse(List.of()) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof String s) {
          found.add(s);
        }
      }
    }
    return found;
  }

  private QemuCapabilities.Version version() {
    JsonObject qemu = object("query-version").object("qemu");
    return new QemuCapabilities.Version(
        (int) qemu.number("major", 0),
        (int) qemu.number("minor", 0),
        (int) qemu.number("micro", 0));
  }

  private Map<String, Set<String>> properties(String arch) {
    Map<String, Set<String>> found = new HashMap<>();
    for (String device : DEVICES) {
      Set<String> names = names("device-list-properties", Map.of("typename", device));
      if (!names.isEmpty()) {
        found.put(device, names);
      }
    }
    List<String> objects = new ArrayList<>(OBJECTS);
    objects.addAll(TYPES_OF_ARCH.getOrDefault(arch, List.of()));
    for (String object : objects) {
      Set<String> names = names("qom-list-properties", Map.of("typename", object));
      if (!names.isEmpty()) {
        found.put(object, names);
      }
    }
    return found;
  }

  private Map<String, Set<String>> options() {
    Map<String, Set<String>> found = new HashMap<>();
    for (JsonObject option : objects("query-command-line-options", Map.of())) {
      Set<String> parameters = new HashSet<>();
      option.objects("parameters").forEach(p -> parameters.add(p.string("name", "")));
      found.put(option.string("option", ""), parameters);
    }
    return found;
  }

  private Set<String> capabilities() {
    Set<String> found = new HashSet<>();
    objects("query-migrate-capabilities", Map.of())
        .forEach(o -> found.add(o.string("capability", "")));
    return found;
  }

  private Accelerator accelerator(String hostModel) {
    Map<String, CpuModel> models = new LinkedHashMap<>();
    for (JsonObject model : objects("query-cpu-definitions", Map.of())) {
      models.put(model.string("name", ""), CpuModel.of(model));
    }
    return new Accelerator(
        objects("query-machines", Map.of()).stream().map(MachineType::of).toList(),
        models,
        expand(Map.of("name", hostModel)),
        expand(Map.of("name", hostModel, "props", Map.of("migratable", false))));
  }

  private Optional<Accelerator.HostCpu> expand(Map<String, @Nullable Object> model) {
    return exchange
        .ask("query-cpu-model-expansion", Map.of("type", "static", "model", model))
        .map(r -> r instanceof JsonObject o ? o : JsonObject.EMPTY)
        .map(r -> hostCpu(r.object("model"), model));
  }

  private Accelerator.HostCpu hostCpu(JsonObject expanded, Map<String, @Nullable Object> model) {
    return new Accelerator.HostCpu(
        expanded.string("name", ""), expanded.object("props"), deprecated(model));
  }

  // The whole expansion names those that the base model has as well.
  private List<String> deprecated(Map<String, @Nullable Object> model) {
    return exchange
                .ask("query-cpu-model-expansion", Map.of("type", "full", "model", model))
                .orElse(JsonObject.EMPTY)
            instanceof JsonObject full
        ? full.strings("deprecated-props")
        : List.of();
  }
}
