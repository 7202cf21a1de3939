package launcher.drivers.qemu.capabilities;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one QEMU binary can do, as it said when it was asked. Ask for the thing itself (a device, a
 * property, a member of a QMP argument); the version is for people.
 *
 * @param version major, minor, micro
 * @param arch target, as QEMU names it ({@code x86_64}, {@code arm} …)
 * @param kvm whether KVM can be used
 * @param schema QMP's own description
 * @param types names of all QOM types, which device models are among
 * @param properties properties of the types that were asked about, by type
 * @param options command line options and their parameters
 * @param tpmModels front ends
 * @param tpmTypes back ends
 * @param migration migration capabilities
 * @param sev whether the host can run SEV guests
 * @param native_ what it can do with KVM, or with TCG where there is no KVM
 * @param tcg what it can do with TCG
 */
public record QemuCapabilities(
    Version version,
    String arch,
    boolean kvm,
    QmpSchema schema,
    Set<String> types,
    Map<String, Set<String>> properties,
    Map<String, Set<String>> options,
    Set<String> tpmModels,
    Set<String> tpmTypes,
    Set<String> migration,
    boolean sev,
    Accelerator native_,
    Accelerator tcg) {

  /** Copies the collections. */
  public QemuCapabilities {
    types = Set.copyOf(types);
    properties = Map.copyOf(properties);
    options = Map.copyOf(options);
    tpmModels = Set.copyOf(tpmModels);
    tpmTypes = Set.copyOf(tpmTypes);
    migration = Set.copyOf(migration);
  }

  /** A version of QEMU. */
  public record Version(int major, int minor, int micro) {
    @Override
    public String toString() {
      return major + "." + minor + "." + micro;
    }
  }

  /** Whether there is a device model, object or other QOM type of that name. */
  public boolean has(String type) {
    return types.contains(type);
  }

  /** Whether a type that was asked about has the property. */
  public boolean has(String type, String property) {
    return properties.getOrDefault(type, Set.of()).contains(property);
  }

  /** Whether a command line option has the parameter. */
  public boolean option(String option, String parameter) {
    return options.getOrDefault(option, Set.of()).contains(parameter);
  }

  /** What can be done with an accelerator: {@code kvm} or anything else for TCG. */
  public Accelerator accelerator(String domainType) {
    return domainType.equals("kvm") ? native_ : tcg;
  }

  /** A machine type by name or alias. */
  public Optional<MachineType> machine(String domainType, String name) {
    List<MachineType> machines = accelerator(domainType).machines();
    Optional<MachineType> exact = machines.stream().filter(m -> m.name().equals(name)).findFirst();
    return exact.isPresent()
        ? exact
        : machines.stream().filter(m -> m.alias().filter(name::equals).isPresent()).findFirst();
  }

  /** The machine type that QEMU itself would take. */
  public Optional<MachineType> defaultMachine(String domainType) {
    return accelerator(domainType).machines().stream().filter(MachineType::isDefault).findFirst();
  }
}
