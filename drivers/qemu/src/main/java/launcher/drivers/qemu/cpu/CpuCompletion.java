package launcher.drivers.qemu.cpu;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.Accelerator;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The guest's CPU: mode, model, check and topology, where they are left out. */
public final class CpuCompletion {
  private CpuCompletion() {}

  /** Completes {@code <cpu>}, adding it where the machine has a known usual model. */
  public static void complete(Draft draft) {
    XmlElement domain = draft.domain();
    Optional<XmlElement> written = domain.child("cpu");
    boolean named = written.filter(c -> c.has("mode") || c.hasChild("model")).isPresent();
    if (named) {
      named(draft, written.get());
    } else {
      usual(draft);
    }
    domain.child("cpu").ifPresent(CpuCompletion::topology);
  }

  private static void named(Draft draft, XmlElement cpu) {
    cpu.setDefault("mode", "custom");
    String mode = cpu.attribute("mode", "");
    boolean custom = mode.equals("custom");
    if (custom) {
      cpu.setDefault("match", "exact");
      cpu.child("model").ifPresent(m -> m.setDefault("fallback", "allow"));
    } else {
      // the model is worked out at each start
      cpu.unset("match");
      boolean named = mode.equals("host-model") && !cpu.value("model", "").isEmpty();
      cpu.child("model")
          .ifPresent(m -> {
            if (named) {
              m.setDefault("fallback", "allow");
            } else {
              m.detach();
            }
          });
    }
    cpu.setDefault("check", check(draft, mode));
    if (mode.equals("host-passthrough")) {
      if (draft.capabilities().has(maxCpu(draft), "migratable") && draft.machine().x86()) {
        cpu.setDefault("migratable", "on");
      }
    }
    boolean unnamed = custom && cpu.value("model", "").isEmpty();
    if (unnamed) {
      usual(draft);
    }
    for (XmlElement feature : cpu.children("feature")) {
      feature.setDefault("policy", "require");
    }
    vectorLengths(cpu);
  }

  /** Naming a vector length of ARM's SVE asks for SVE itself. */
  private static void vectorLengths(XmlElement cpu) {
    List<XmlElement> features = cpu.children("feature");
    boolean lengths = features.stream().anyMatch(f -> f.attribute("name", "").matches("sve\\d+"));
    if (lengths && features.stream().noneMatch(f -> f.is("name", "sve"))) {
      cpu.add("feature").set("policy", "require").set("name", "sve");
    }
  }

  private static String maxCpu(Draft draft) {
    return "max-" + draft.capabilities().arch() + "-cpu";
  }

  private static String check(Draft draft, String mode) {
    return switch (mode) {
      case "host-model" -> "partial";
      case "custom" -> draft.type().equals("kvm") ? "partial" : "none";
      default -> "none";
    };
  }

  /** The machine's usual model is written down, since QEMU may change it. */
  private static void usual(Draft draft) {
    Optional<String> model = usualModel(draft);
    if (model.isEmpty()) {
      return;
    }
    XmlElement cpu = draft.domain().childOrAdd("cpu");
    if (draft.machine().s390() && draft.type().equals("kvm")) {
      cpu.set("mode", "host-model").set("check", "partial");
      return;
    }
    if (model.get().equals("host")) {
      cpu.set("mode", "host-passthrough").set("check", "none");
      return;
    }
    cpu.set("mode", "custom").set("match", "exact").set("check", "none");
    cpu.child("model").ifPresent(XmlElement::detach);
    cpu.addFirst(XmlElement.of("model")).set("fallback", "forbid").text(model.get());
  }

  private static Optional<String> usualModel(Draft draft) {
    if (!known(draft.machine())) {
      return Optional
          .empty(); // libvirt has no models for the others, and leaves the choice to QEMU
    }
    if (draft.machine().arm() && draft.type().equals("kvm")) {
      // KVM runs the host's CPU only; which one must be said
      return Optional.empty();
    }
    Accelerator accelerator = draft.capabilities().accelerator(draft.type());
    Optional<String> type =
        draft
            .capabilities()
            .machine(draft.type(), draft.machine().name())
            .flatMap(MachineType::defaultCpu);
    return type.flatMap(accelerator::modelOfType).map(m -> libvirtName(draft, m));
  }

  private static boolean known(Machine machine) {
    return machine.x86()
        || machine.ppc64()
        || machine.s390()
        || machine.arm()
        || machine.riscv()
        || machine.loongarch();
  }

  // POWER's models are written in capitals since there were two spellings of them.
  private static String libvirtName(Draft draft, String model) {
    return draft.machine().ppc64() && model.startsWith("power")
        ? model.toUpperCase(Locale.ROOT)
        : model;
  }

  private static void topology(XmlElement cpu) {
    cpu.child("topology")
        .ifPresent(t -> {
          t.setDefault("dies", "1");
          t.setDefault("clusters", "1");
        });
  }
}
