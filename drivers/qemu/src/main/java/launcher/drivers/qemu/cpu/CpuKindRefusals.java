package launcher.drivers.qemu.cpu;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.Accelerator;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What can be said of x86's CPUs, and not of those of other architectures. */
final class CpuKindRefusals {
  private CpuKindRefusals() {}

  static void check(Draft draft) {
    XmlElement cpu = draft.domain().child("cpu").orElse(XmlElement.of("cpu"));
    Machine machine = draft.machine();
    if (cpu.has("deprecated_features") && !machine.s390()) {
      draft.refuse(cpu, "deprecated features are only told of the CPUs of s390");
    }
    if (machine.x86()) {
      return;
    }
    for (String part : List.of("cache", "maxphysaddr")) {
      cpu.child(part)
          .ifPresent(p ->
              draft.refuse(
                  p,
                  "<%s> of a CPU is not supported for architecture '%s'"
                      .formatted(part, machine.arch())));
    }
    if (machine.arm() && cpu.is("mode", "host-model")) {
      draft.refuse(
          cpu, "CPU mode 'host-model' is not supported for '%s'".formatted(machine.arch()));
    }
    if (machine.s390()) {
      match(draft, cpu);
      cpu.children("feature").forEach(feature -> policy(draft, cpu, feature));
    }
  }

  private static void match(Draft draft, XmlElement cpu) {
    if (cpu.is("match", "minimum")) {
      draft.refuse(cpu, "match='minimum' is not supported for this architecture");
    }
  }

  private static void policy(Draft draft, XmlElement cpu, XmlElement feature) {
    String policy = feature.attribute("policy", "require");
    String name = feature.attribute("name", "");
    boolean custom = cpu.is("mode", "custom");
    if (policy.equals("optional")) {
      draft.refuse(
          feature,
          "policy 'optional' of CPU feature '%s': this architecture has 'require' and 'disable'"
              .formatted(name));
    } else if (policy.equals("forbid") && custom && hostHas(draft, name)) {
      draft.refuse(feature, "the host's CPU has the forbidden feature '%s'".formatted(name));
    }
  }

  private static boolean hostHas(Draft draft, String feature) {
    Optional<Accelerator.HostCpu> host = draft.capabilities().accelerator("kvm").hostCpu();
    return draft.type().equals("kvm")
        && host.filter(h -> h.properties().bool(feature, false)).isPresent();
  }
}
