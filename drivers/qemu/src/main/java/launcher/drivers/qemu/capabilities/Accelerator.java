package launcher.drivers.qemu.capabilities;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;

/**
 * What a binary can do under one accelerator.
 *
 * @param machines machine types
 * @param cpuModels CPU models by name
 * @param hostCpu the CPU that {@code host} (KVM) or {@code max} (TCG) stands for: QEMU's names of
 *     features and whether they are on; empty where QEMU cannot say
 */
public record Accelerator(
    List<MachineType> machines,
    Map<String, CpuModel> cpuModels,
    Optional<HostCpu> hostCpu,
    Optional<HostCpu> hostCpuUnmigratable) {
  /** Copies the collections. */
  public Accelerator {
    machines = List.copyOf(machines);
    cpuModels = Collections.unmodifiableMap(new LinkedHashMap<>(cpuModels)); // in QEMU's order
  }

  /**
   * A model expanded by QEMU.
   *
   * @param model name of the base model
   * @param properties features and other properties, with their values
   * @param deprecated features that guests should no longer be given
   */
  public record HostCpu(String model, JsonObject properties, List<String> deprecated) {
    /** Copies the list. */
    public HostCpu {
      deprecated = List.copyOf(deprecated);
    }
  }

  /** The name of the model behind a QOM type, the first one QEMU tells. */
  public Optional<String> modelOfType(String type) {
    return cpuModels.values().stream()
        .filter(m -> m.type().equals(type))
        .map(CpuModel::name)
        .findFirst();
  }
}
