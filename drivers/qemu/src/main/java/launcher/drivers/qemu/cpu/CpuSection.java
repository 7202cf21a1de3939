package launcher.drivers.qemu.cpu;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Clock;
import launcher.schemas.domain.Cpu;
import launcher.schemas.domain.Features;
import launcher.schemas.domain.KvmFeatures;

/** {@code -cpu}: model, its features, and what the hypervisor shows of itself. */
public final class CpuSection {
  // by mode: emulated L3 cache, the host's caches shown
  private static final Map<String, List<Boolean>> CACHES =
      Map.of(
          "emulate", List.of(true, false),
          "passthrough", List.of(false, true),
          "disable", List.of(false, false));

  /** What a guest's own actions switch, or what QEMU never shows: no property of its CPUs. */
  private static final Set<String> UNSETTABLE =
      Set.of("osxsave", "ospke", "cmt", "mbm_total", "mbm_local");

  private CpuSection() {}

  /** Writes the CPU. */
  public static void write(Guest guest, CommandLine out) {
    Optional<Cpu> written = guest.domain().cpu();
    Props cpu = Props.empty();
    written.ifPresent(c -> model(guest, c, cpu));
    if (cpu.isEmpty()) {
      usual(guest, cpu);
    }
    thirtyTwoBits(guest, cpu);
    interrupts(guest, cpu);
    timers(guest, cpu);
    guest
        .domain()
        .features()
        .ifPresent(f -> {
          f.hyperv().ifPresent(h -> HypervSection.put(h, cpu));
          f.kvm().ifPresent(k -> kvm(k, cpu));
          cpu.onOff("pmu", f.pmu().flatMap(Features.Flag::state));
        });
    hypervPanic(guest, cpu);
    written.ifPresent(c -> caches(c, cpu));
    written.flatMap(Cpu::maxphysaddr).ifPresent(m -> addresses(m, cpu));
    if (!cpu.isEmpty() && cpu.get("model").isPresent()) {
      out.add(guest.tree().child("cpu").orElse(guest.tree()), "-cpu", cpu.text("model"));
    }
  }

  private static void model(Guest guest, Cpu cpu, Props out) {
    switch (cpu.mode().orElse("custom")) {
      case "host-passthrough" -> {
        out.put("model", "host");
        migratable(guest, cpu, out);
      }
      case "maximum" -> {
        out.put("model", "max");
        migratable(guest, cpu, out);
      }
      case "host-model" -> HostModel.put(guest, out);
      default -> {
        boolean least = cpu.match().filter("minimum"::equals).isPresent();
        if (least && guest.machine().x86()) {
          HostModel.put(guest, out); // that and all else the host has
        } else {
          cpu.model().map(Cpu.Model::name).ifPresent(m -> named(cpu, m, out));
        }
      }
    }
    cpu.model().flatMap(Cpu.Model::vendorId).ifPresent(v -> out.put("vendor", v));
    if (cpu.deprecatedFeatures().filter("off"::equals).isPresent()) {
      outdated(guest, out);
    }
    boolean whole = cpu.mode().filter(m -> m.equals("host-passthrough")).isPresent();
    boolean most = cpu.mode().filter(m -> m.equals("maximum")).isPresent();
    for (Cpu.Feature feature : cpu.features()) {
      boolean optional = feature.policy().filter("optional"::equals).isPresent();
      boolean unsettable = UNSETTABLE.contains(feature.name().orElse(""));
      // what is there anyway, or never, need not be said
      if (!unsettable && !(optional && (whole || most))) {
        feature(guest, feature, out);
      }
    }
  }

  private static void named(Cpu cpu, String model, Props out) {
    out.put("model", model);
    for (String removed : RemovedFeatures.of(model)) {
      if (cpu.features().stream().noneMatch(f -> f.name().filter(removed::equals).isPresent())) {
        out.put(removed, false);
      }
    }
  }

  // on x86 alone the host's features can be held back
  private static void migratable(Guest guest, Cpu cpu, Props out) {
    if (guest.capabilities().has("max-" + guest.capabilities().arch() + "-cpu", "migratable")) {
      out.onOff("migratable", cpu.migratable());
    }
  }

  private static void feature(Guest guest, Cpu.Feature feature, Props out) {
    String name = CpuFeatureNames.toQemu(feature.name().orElse(""));
    switch (feature.policy().orElse("require")) {
      case "force", "require" -> out.put(name, true);
      case "disable", "forbid" -> out.put(name, false);
      default -> optional(guest, name, out);
    }
  }

  /** What the host's CPU still has, and guests should no longer use. */
  private static void outdated(Guest guest, Props out) {
    guest
        .capabilities()
        .accelerator(guest.domain().type())
        .hostCpu()
        .ifPresent(host -> host.deprecated().forEach(name -> out.put(name, false)));
  }

  /** On where the host can do it. */
  private static void optional(Guest guest, String name, Props out) {
    if (guest.machine().riscv() || guest.machine().loongarch()) {
      return; // whose hosts are not asked
    }
    guest
        .capabilities()
        .accelerator(guest.domain().type())
        .hostCpu()
        .ifPresent(host -> out.put(name, host.properties().bool(name, false)));
  }

  /** A machine without {@code <cpu>}: QEMU decides, unless something must be said of the CPU. */
  private static void usual(Guest guest, Props cpu) {
    boolean any =
        guest.domain().features().flatMap(Features::hyperv).isPresent()
            || guest.domain().features().flatMap(Features::kvm).isPresent();
    if (any && guest.machine().x86()) {
      cpu.put("model", guest.machine().arch().equals("i686") ? "qemu32" : "qemu64");
    }
  }

  /** A 32-bit guest on a 64-bit ARM host. */
  private static void thirtyTwoBits(Guest guest, Props cpu) {
    boolean narrow =
        guest.kvm()
            && guest.machine().arch().equals("armv7l")
            && guest.capabilities().arch().equals("aarch64");
    if (narrow && cpu.get("model").filter("host"::equals).isPresent()) {
      cpu.put("aarch64", false);
    }
  }

  private static void interrupts(Guest guest, Props cpu) {
    Optional<Features> features = guest.domain().features();
    cpu.onOff("kvm-pv-eoi", features.flatMap(Features::apic).flatMap(Features.Apic::eoi));
    cpu.onOff(
        "kvm-pv-unhalt", features.flatMap(Features::pvspinlock).flatMap(Features.Flag::state));
  }

  private static void timers(Guest guest, Props cpu) {
    for (Clock.Timer timer : guest.domain().clock().map(Clock::timers).orElse(List.of())) {
      switch (timer.name().orElse("")) {
        case "kvmclock" -> cpu.onOff("kvmclock", timer.present());
        case "hypervclock" -> {
          if (timer.present().filter("yes"::equals).isPresent()) {
            cpu.put("hv-time", true);
          }
        }
        case "tsc" -> {
          cpu.put("tsc-frequency", timer.frequency());
        }
        case "armvtimer" ->
            timer.tickpolicy().ifPresent(p -> cpu.put("kvm-no-adjvtime", p.equals("discard")));
        default -> {
          // the machine's timers, see MachineClock
        }
      }
    }
  }

  private static void kvm(KvmFeatures kvm, Props cpu) {
    if (on(kvm.hidden())) {
      cpu.put("kvm", false);
    }
    if (on(kvm.hintDedicated())) {
      cpu.put("kvm-hint-dedicated", true);
    }
    if (on(kvm.pollControl())) {
      cpu.put("kvm-poll-control", true);
    }
    if (kvm.pvIpi().flatMap(Features.Flag::state).filter("off"::equals).isPresent()) {
      cpu.put("kvm-pv-ipi", false);
    }
  }

  static boolean on(Optional<Features.Flag> flag) {
    return flag.flatMap(Features.Flag::state).filter("on"::equals).isPresent();
  }

  private static void hypervPanic(Guest guest, Props cpu) {
    boolean asked =
        guest.tree().at("devices").stream()
            .flatMap(d -> d.children("panic").stream())
            .anyMatch(p -> p.is("model", "hyperv"));
    if (asked) {
      cpu.put("hv-crash", true);
    }
  }

  private static void caches(Cpu cpu, Props out) {
    boolean hostModes =
        cpu.mode().filter(m -> m.equals("host-passthrough") || m.equals("maximum")).isPresent();
    cpu.cache()
        .flatMap(Cpu.Cache::mode)
        .map(m -> CACHES.getOrDefault(m, List.of(false, false)))
        .ifPresent(c -> {
          out.put("l3-cache", c.get(0));
          if (hostModes) {
            out.put("host-cache-info", c.get(1));
          }
        });
  }

  private static void addresses(Cpu.MaxPhysAddr width, Props out) {
    if (width.mode().filter("passthrough"::equals).isPresent()) {
      out.put("host-phys-bits", true).put("host-phys-bits-limit", width.limit());
    } else if (width.bits().isPresent()) {
      out.put("phys-bits", width.bits());
    } else {
      out.put("host-phys-bits", false);
    }
  }
}
