package launcher.drivers.qemu.pipeline;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.address.AddressRules;
import launcher.drivers.qemu.block.DiskRules;
import launcher.drivers.qemu.controller.ControllerRules;
import launcher.drivers.qemu.cpu.CpuCompletion;
import launcher.drivers.qemu.cpu.CpuRefusals;
import launcher.drivers.qemu.cpu.ManyCpus;
import launcher.drivers.qemu.devices.DeviceRules;
import launcher.drivers.qemu.devices.NetworkPlugs;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.drivers.qemu.filesystem.FilesystemRules;
import launcher.drivers.qemu.firmware.FirmwareCompletion;
import launcher.drivers.qemu.firmware.FirmwareRefusals;
import launcher.drivers.qemu.hostdev.HostdevRules;
import launcher.drivers.qemu.machine.BootCompletion;
import launcher.drivers.qemu.machine.ClockCompletion;
import launcher.drivers.qemu.machine.FeatureCompletion;
import launcher.drivers.qemu.machine.FeatureRefusals;
import launcher.drivers.qemu.machine.GeneralCompletion;
import launcher.drivers.qemu.machine.MachineRefusals;
import launcher.drivers.qemu.machine.TuneCompletion;
import launcher.drivers.qemu.machine.TuneRefusals;
import launcher.drivers.qemu.memory.MemoryCompletion;
import launcher.drivers.qemu.memory.MemoryRefusals;
import launcher.drivers.qemu.memory.MemorySizes;
import launcher.drivers.qemu.memory.NumaCells;

/** The rules of the three passes over a definition, in their order. */
public final class DraftPipeline {
  /** Completion: what the definition leaves unsaid is said, the same for ever after. */
  static final List<DraftRule> COMPLETION = completion();

  /** Refusals: what does not fit together or what this QEMU cannot do. */
  static final List<DraftRule> REFUSAL = refusal();

  /** Preparation of one start, on a copy: aliases, ports, things that are never stored. */
  static final List<DraftRule> PREPARATION = preparation();

  private DraftPipeline() {}

  private static List<DraftRule> completion() {
    List<DraftRule> all = new ArrayList<>();
    // --- 1. the top of the domain
    all.addAll(MachineRefusals.FIRST);
    all.addAll(GeneralCompletion.RULES);
    all.addAll(TuneRefusals.AS_WRITTEN);
    all.addAll(TuneCompletion.FORMS);
    all.addAll(MemoryRefusals.AS_WRITTEN);
    all.addAll(FirmwareRefusals.AS_WRITTEN);
    all.add(FirmwareCompletion::complete);
    all.add(ClockCompletion::complete);
    all.add(NumaCells::complete);
    all.addAll(MemoryCompletion.RULES);
    all.add(ManyCpus::complete);
    all.add(FeatureCompletion::complete);
    all.addAll(CpuRefusals.AS_WRITTEN);
    all.add(CpuCompletion::complete);
    all.add(BootCompletion::complete);
    all.addAll(TuneCompletion.RULES);

    // --- 2. values each device has by itself: storage
    all.addAll(ControllerRules.AS_WRITTEN);
    all.addAll(AddressRules.FIRST);
    all.addAll(DiskRules.COMPLETION);
    all.addAll(FilesystemRules.COMPLETION);
    all.addAll(HostdevRules.COMPLETION);

    // --- 2. values each device has by itself: other devices
    all.addAll(DeviceRules.AS_WRITTEN);
    all.addAll(DeviceRules.VALUES);

    // --- 3. devices that come by themselves: storage (controllers …)
    all.addAll(ControllerRules.COMPLETION);

    // --- 3. devices that come by themselves: other devices (console, video, balloon …)
    all.addAll(DeviceRules.IMPLICIT);

    // --- 4. addresses
    all.addAll(AddressRules.ADDRESSES);

    // --- 5. the order of elements
    all.add(ElementOrder::sort);
    all.addAll(DeviceRules.LAST);

    return List.copyOf(all);
  }

  private static List<DraftRule> refusal() {
    List<DraftRule> all = new ArrayList<>();
    // --- the top of the domain
    all.addAll(FirmwareRefusals.CHOSEN);
    all.addAll(MachineRefusals.RULES);
    all.addAll(FeatureRefusals.RULES);
    all.addAll(CpuRefusals.RULES);
    all.addAll(MemoryRefusals.RULES);
    all.addAll(TuneRefusals.RULES);

    // --- storage and addresses
    all.addAll(AddressRules.REFUSALS);
    all.addAll(ControllerRules.REFUSALS);
    all.addAll(DiskRules.REFUSALS);
    all.addAll(FilesystemRules.REFUSALS);
    all.addAll(HostdevRules.REFUSALS);

    // --- other devices
    all.addAll(DeviceRules.REFUSALS);

    return List.copyOf(all);
  }

  private static List<DraftRule> preparation() {
    List<DraftRule> all = new ArrayList<>();
    all.add(NetworkPlugs::plug);
    // --- aliases
    all.addAll(AddressRules.PREPARATION);

    // --- the top of the domain
    all.add(MemorySizes::align);
    all.add(TuneCompletion::number);

    // --- storage
    all.addAll(DiskRules.PREPARATION);
    all.addAll(HostdevRules.PREPARATION);

    // --- other devices
    all.addAll(DeviceRules.PREPARATION);

    return List.copyOf(all);
  }

  /** Completes the draft's tree, then looks for what must be refused. */
  public static void complete(Draft draft) {
    COMPLETION.forEach(rule -> rule.apply(draft));
    REFUSAL.forEach(rule -> rule.apply(draft));
  }

  /** Prepares a copy of a completed definition for one start. */
  public static void prepare(Draft draft) {
    PREPARATION.forEach(rule -> rule.apply(draft));
  }
}
