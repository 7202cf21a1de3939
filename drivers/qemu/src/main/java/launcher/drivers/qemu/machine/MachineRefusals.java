package launcher.drivers.qemu.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What QEMU, machine and boot order cannot be. */
public final class MachineRefusals {
  /** What makes the rest meaningless: asked first, before anything is completed. */
  public static final List<DraftRule> FIRST =
      List.of(
          MachineRefusals::hypervisor, MachineRefusals::memory, MachineRefusals::operatingSystem);

  /** The others. */
  public static final List<DraftRule> RULES =
      List.of(
          MachineRefusals::machineType,
          MachineRefusals::bootOrder,
          MachineRefusals::firmwareOutput,
          MachineRefusals::lifecycle,
          BootRefusals::check,
          LaunchSecurityRefusals::check,
          MachineRefusals::sleepStates);

  private MachineRefusals() {}

  private static void hypervisor(Draft draft) {
    XmlElement domain = draft.domain();
    String emulator = domain.value("devices/emulator", "QEMU");
    boolean known = draft.type().equals("qemu") || draft.type().equals("kvm");
    if (!known || (draft.type().equals("kvm") && !draft.capabilities().kvm())) {
      draft.refuse(
          domain,
          "emulator '%s' does not support virt type '%s'".formatted(emulator, draft.type()));
    }
    String arch = domain.value("os/type/@arch", draft.host().arch());
    boolean supported =
        QemuTargets.of(arch).equals(draft.capabilities().arch()) || runsNarrow(draft, arch);
    if (!supported) {
      draft.refuse(
          domain.at("os/type").orElse(domain),
          "emulator '%s' does not support arch '%s'".formatted(emulator, arch));
    }
  }

  /** 64-bit emulators start 32-bit guests of their family. */
  private static boolean runsNarrow(Draft draft, String arch) {
    return switch (draft.capabilities().arch()) {
      case "x86_64" -> arch.equals("i686");
      case "aarch64" -> arch.startsWith("armv");
      case "ppc64" -> arch.equals("ppc64le") || arch.equals("ppc");
      case "riscv64" -> arch.equals("riscv32");
      default -> false;
    };
  }

  private static void operatingSystem(Draft draft) {
    if (draft.domain().value("os/type", "").isBlank()) {
      draft.refuse(draft.domain(), "an os <type> must be specified: <os><type>hvm</type></os>");
    }
  }

  private static void memory(Draft draft) {
    boolean cells = draft.domain().at("cpu/numa/cell").isPresent();
    if (!draft.domain().hasChild("memory") && !cells) {
      draft.refuse(
          draft.domain(),
          "memory size must be specified via <memory> or in the <numa> configuration");
    } else if (Numbers.parse(draft.domain().value("memory", "1")).orElse(1) == 0 && !cells) {
      draft.refuse(draft.domain().childOrAdd("memory"), "memory size must be greater than 0");
    }
  }

  private static void machineType(Draft draft) {
    String name = draft.machine().name();
    Optional<MachineType> machine = draft.capabilities().machine(draft.type(), name);
    XmlElement type = draft.domain().at("os/type").orElse(draft.domain());
    boolean listed = !draft.capabilities().accelerator(draft.type()).machines().isEmpty();
    if ((machine.isEmpty() && listed) || name.equals("none")) {
      draft.refuse(
          type,
          "emulator does not support machine type '%s' for arch '%s'"
              .formatted(name, draft.machine().arch()));
    }
    long cpus = Numbers.parse(draft.domain().value("vcpu", "1")).orElse(1);
    machine
        .filter(m -> m.maxCpus() > 0 && cpus > m.maxCpus())
        .ifPresent(m ->
            draft.refuse(
                draft.domain().childOrAdd("vcpu"),
                "maximum CPUs (%d) greater than specified machine type limit %d"
                    .formatted(cpus, m.maxCpus())));
  }

  private static void bootOrder(Draft draft) {
    boolean general = draft.domain().at("os/boot").isPresent();
    Map<String, XmlElement> orders = new HashMap<>();
    for (XmlElement device : draft.devices().children()) {
      Optional<String> order = device.child("boot").flatMap(b -> b.attribute("order"));
      if (order.isPresent() && general) {
        draft.refuse(
            device,
            "per-device boot elements cannot be used together with os/boot elements: remove one"
                + " kind");
      }
      if (order.isPresent() && orders.put(order.get(), device) != null) {
        draft.refuse(
            device, "boot order '%s' used for more than one device".formatted(order.get()));
      }
    }
  }

  private static void firmwareOutput(Draft draft) {
    draft
        .domain()
        .at("os/bios")
        .filter(b -> b.is("useserial", "yes") && draft.devices("serial").isEmpty())
        .ifPresent(b -> draft.refuse(b, "need at least one serial port to use BIOS serial output"));
  }

  // QEMU ends or restarts, as libvirt has it; whoever looks after the guest may do more: keep what
  // has stopped, and start it anew under another name.
  private static void lifecycle(Draft draft) {
    if (draft.host().settings().on("everyLifecycle")) {
      return;
    }
    for (String event : List.of("on_poweroff", "on_reboot")) {
      String action = draft.domain().value(event, "");
      if (action.equals("preserve") || action.equals("rename-restart")) {
        draft.refuse(
            draft.domain().childOrAdd(event),
            "QEMU does not support the '%s' action for 'on_reboot'/'on_poweroff'"
                .formatted(action));
      }
    }
    if (draft.domain().value("on_crash", "").equals("rename-restart")) {
      draft.refuse(
          draft.domain().childOrAdd("on_crash"),
          "QEMU does not support the 'rename-restart' action for 'on_crash'");
    }
    boolean restarts = draft.domain().value("on_poweroff", "").equals("restart");
    if (restarts && draft.domain().value("on_reboot", "").equals("destroy")) {
      draft.refuse(
          draft.domain().childOrAdd("on_reboot"),
          "QEMU does not support the 'on_reboot' action 'destroy' with the 'on_poweroff' action"
              + " 'restart'");
    }
  }

  private static void sleepStates(Draft draft) {
    boolean chipset = draft.machine().q35() || draft.machine().i440fx();
    draft
        .domain()
        .child("pm")
        .filter(pm -> !chipset && !pm.children().isEmpty())
        .ifPresent(
            pm -> draft.refuse(pm, "setting ACPI sleep states is not supported by this machine"));
  }
}
