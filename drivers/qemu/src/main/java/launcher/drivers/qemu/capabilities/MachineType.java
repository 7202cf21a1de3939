package launcher.drivers.qemu.capabilities;

import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;

/**
 * A machine type of a QEMU binary.
 *
 * @param name versioned name
 * @param alias short name that means this version, if any
 * @param isDefault whether QEMU takes it when none is named
 * @param maxCpus most CPUs it can have
 * @param hotpluggableCpus whether CPUs can be added later
 * @param defaultCpu CPU model without its type's suffix
 * @param defaultRamId id of the RAM device, none where the machine's RAM cannot be named
 * @param numaMemory whether {@code -numa node,mem=} is still understood
 * @param acpi whether it has ACPI, if QEMU says so
 */
public record MachineType(
    String name,
    Optional<String> alias,
    boolean isDefault,
    long maxCpus,
    boolean hotpluggableCpus,
    Optional<String> defaultCpu,
    Optional<String> defaultRamId,
    boolean numaMemory,
    Optional<Boolean> acpi) {

  static MachineType of(JsonObject reply) {
    return new MachineType(
        reply.string("name", ""),
        reply.string("alias"),
        reply.bool("is-default", false),
        reply.number("cpu-max", 0),
        reply.bool("hotpluggable-cpus", false),
        reply.string("default-cpu-type"),
        reply.string("default-ram-id"),
        reply.bool("numa-mem-supported", false),
        reply.get("acpi") instanceof Boolean b ? Optional.of(b) : Optional.empty());
  }
}
