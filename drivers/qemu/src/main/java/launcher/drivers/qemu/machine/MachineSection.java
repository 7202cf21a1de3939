package launcher.drivers.qemu.machine;

import java.util.Optional;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.firmware.FirmwareSection;
import launcher.drivers.qemu.memory.GuestMemory;
import launcher.schemas.domain.Features;
import launcher.schemas.domain.KeyWrap;
import launcher.schemas.domain.KvmFeatures;
import launcher.schemas.domain.MemoryAmount;
import launcher.schemas.domain.MemoryBacking;

/** {@code -machine} and {@code -accel}. */
public final class MachineSection {
  private MachineSection() {}

  /** Writes the machine with its switches. */
  public static void machine(Guest guest, CommandLine out) {
    Props machine = Props.of("type", guest.machine().name());
    machine.put("usb", false);
    guest.domain().features().ifPresent(f -> features(guest, f, machine));
    guest.domain().keyWrap().ifPresent(k -> keyWrap(k, machine));
    machine.onOff("dump-guest-core", dumpCore(guest));
    boolean noMerging =
        guest.domain().memoryBacking().flatMap(MemoryBacking::nosharepages).isPresent();
    if (noMerging) {
      machine.put("mem-merge", false);
    }
    MachineDevices.put(guest, machine);
    GuestMemory.systemMemoryId(guest).ifPresent(id -> machine.put("memory-backend", id));
    FirmwareSection.flashDrives(guest, machine);
    MachineClock.hpet(guest, machine);
    if (BootSection.onSerial(guest)) {
      machine.put("graphics", false);
    }
    acpi(guest, machine);
    out.add(guest.tree().at("os/type").orElse(guest.tree()), "-machine", machine.text("type"));
  }

  private static Optional<String> dumpCore(Guest guest) {
    Optional<String> said = guest.domain().memory().flatMap(MemoryAmount::dumpCore);
    boolean usual = guest.host().settings().on("dumpGuestCore");
    return said.isPresent() ? said : Optional.of(usual ? "on" : "off");
  }

  private static void features(Guest guest, Features features, Props machine) {
    machine.onOff("vmport", features.vmport().flatMap(Features.Flag::state));
    machine.onOff("smm", features.smm().flatMap(Features.Smm::state));
    machine.onOff("i8042", features.ps2().flatMap(Features.Flag::state));
    features
        .ioapic()
        .flatMap(Features.Ioapic::driver)
        .ifPresent(d -> machine.put("kernel_irqchip", d.equals("qemu") ? "split" : "on"));
    if (guest.machine().armVirt()) {
      machine.put("gic-version", features.gic().flatMap(Features.Gic::version));
    }
    machine.put("aia", features.aia().flatMap(Features.Valued::value));
    machine.onOff("ras", features.ras().flatMap(Features.Flag::state));
    MachinePower.put(features, machine);
  }

  private static void keyWrap(KeyWrap keys, Props machine) {
    keys.ciphers().forEach(c -> c.name().ifPresent(n -> machine.onOff(n + "-key-wrap", c.state())));
  }

  /** Machines that can do without ACPI are told whether to have it. */
  private static void acpi(Guest guest, Props machine) {
    boolean hasSwitch =
        guest
            .capabilities()
            .machine(guest.domain().type(), guest.machine().name())
            .flatMap(MachineType::acpi)
            .orElse(acpiByArchitecture(guest.machine()));
    if (hasSwitch) {
      machine.put("acpi", guest.domain().features().flatMap(Features::acpi).isPresent());
    }
  }

  // QEMU says it of each machine since 8.1 (query-machines, acpi)
  private static boolean acpiByArchitecture(Machine machine) {
    return machine.x86() || machine.armVirt() || machine.riscvVirt() || machine.loongarchVirt();
  }

  /** Writes the accelerator. */
  public static void accelerator(Guest guest, CommandLine out) {
    Props accelerator = Props.of("accel", guest.kvm() ? "kvm" : "tcg");
    Optional<Features> features = guest.domain().features();
    if (guest.kvm()) {
      features
          .flatMap(Features::kvm)
          .flatMap(KvmFeatures::dirtyRing)
          .filter(d -> d.state().filter("on"::equals).isPresent())
          .ifPresent(d -> accelerator.put("dirty-ring-size", d.size()));
    } else {
      features
          .flatMap(Features::tcg)
          .flatMap(Features.Tcg::tbCache)
          .flatMap(c -> GuestMemory.kib(c.size(), c.unit()))
          .ifPresent(kib -> accelerator.put("tb-size", kib / 1024));
    }
    out.add(guest.tree(), "-accel", accelerator.text("accel"));
  }
}
